"""Facts into texts: what a template may do, and that it is refused, at its line, in everything else."""

from __future__ import annotations

import pytest

from knowledge_base.article import Language
from knowledge_base.facts import Fact
from knowledge_base.rendering import TemplateProblem, render_facts
from tests.knowledge_base.samples import fact

FACTS = {
    f.name: f
    for f in (
        fact(24, "hour", "wait"),
        fact([1, 3], "business_day", "transfer"),
        fact(96.5, "percent", "rtp"),
        fact({"pl": "Kasyno", "en": "Casino"}, "text", "casino"),
        fact("116 123", "phone", "line"),
        fact(1, "hour", "quoted"),
    )
}


def rendered(text: str, language: Language = Language.PL, **values: object) -> str:
    """With plain spaces, so that expected texts can be read."""
    return render_facts(text, FACTS, language, **values)[0].replace("\N{NO-BREAK SPACE}", " ")


def test_a_fact_reads_in_the_case_its_sentence_asks_for() -> None:
    assert rendered("Trwa {{ fact.wait }}.") == "Trwa 24 godziny."
    assert rendered("Trwa do {{ fact.wait | gen }}.") == "Trwa do 24 godzin."
    assert rendered("Po {{ fact.wait | loc }}.") == "Po 24 godzinach."
    assert rendered("{{ fact.transfer | gen }}") == "1–3 dni roboczych"


def test_a_fact_reads_in_the_language_of_its_text() -> None:
    assert rendered("{{ fact.casino }}: {{ fact.rtp }}") == "Kasyno: 96,5%"
    assert rendered("{{ fact.casino }}: {{ fact.rtp }}", Language.EN) == "Casino: 96.5%"


def test_number_and_hyphen_give_the_bare_figure_and_the_attributive_form() -> None:
    assert rendered("{{ fact.transfer | number }}") == "1–3"
    assert rendered("{{ fact.rtp | number }}") == "96,5"
    assert rendered("a {{ fact.wait | hyphen }} wait", Language.EN) == "a 24-hour wait"


def test_rendering_tells_which_facts_were_quoted() -> None:
    _, quoted = render_facts("{{ fact.wait }} {{ fact.line }} {{ fact.wait | gen }}", FACTS, Language.PL)
    assert quoted == {"wait", "line"}


def test_other_values_are_filled_in_as_they_are() -> None:
    text = "{% for choice in choices %}- {{ choice }}\n{% endfor %}"
    assert rendered(text, choices=["a & b", "{{ fact.wait }}"]) == "- a & b\n- {{ fact.wait }}\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ fact.nothing }}",
        "{{ fact['nothing'] }}",
        "{{ fact.nothing | gen }}",
        "{{ fact.nothing or 'soon' }}",
        "{% if fact.nothing %}soon{% endif %}",
        "{{ nothing }}",
    ],
)
def test_a_missing_fact_is_never_a_hole_in_a_sentence(text: str) -> None:
    with pytest.raises(TemplateProblem, match="unknown fact or name") as refusal:
        rendered(f"First line.\nSecond line.\nIt takes {text}.")
    assert refusal.value.line == 3


@pytest.mark.parametrize("value", [None, "", "  ", {"pl": None, "en": "soon"}])
def test_a_fact_without_a_value_is_never_a_hole_in_a_sentence(value: object) -> None:
    facts: dict[str, Fact] = {"empty": fact(value, "text")}
    with pytest.raises(TemplateProblem, match="nothing to show") as refusal:
        render_facts("First line.\nIt takes {{ fact.empty }}.", facts, Language.PL)
    assert refusal.value.line == 2


@pytest.mark.parametrize("text", ["{{ fact }}", "{{ none }}", "{{ '' }}", "{{ [] }}", "{{ self }}", "{{ true }}"])
def test_what_is_no_text_is_not_shown(text: str) -> None:
    with pytest.raises(TemplateProblem):
        rendered(text)


@pytest.mark.parametrize(
    "attack",
    [
        "{{ fact.__class__ }}",
        "{{ fact['__class__'] }}",
        "{{ fact.__init__.__globals__ }}",
        "{{ fact._facts }}",
        "{{ fact.wait._fact }}",
        "{{ fact.wait.in_case }}",
        "{{ fact.quoted }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ ()['__class__'] }}",
        "{% for c in ().__class__.__bases__ %}x{% endfor %}",
        "{% for i in range(9) %}{{ i }}{% endfor %}",
        "{{ fact.wait.in_case('gen') }}",
        "{{ 'a'.upper() }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ [].append(1) }}",
        "{{ none() }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% call fact() %}{% endcall %}",
    ],
)
def test_the_sandbox_refuses_attributes_and_calls_at_their_line(attack: str) -> None:
    with pytest.raises(TemplateProblem, match="not allowed in a text") as refusal:
        rendered(f"First line.\n{attack}")
    assert refusal.value.line == 2


@pytest.mark.parametrize("name", ["range", "lipsum", "cycler", "joiner", "namespace", "dict", "request", "config"])
def test_nothing_but_facts_is_known(name: str) -> None:
    with pytest.raises(TemplateProblem, match="unknown fact or name"):
        rendered(f"{{{{ {name} }}}}")


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("{% import 'os' as os %}", "no loader"),
        ("{% from 'os' import path %}", "no loader"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("{% extends 'base' %}", "no loader"),
        ("{{ fact.wait | upper }}", "No filter named 'upper'"),
        ("{{ '' | attr('__class__') }}", "No filter named 'attr'"),
        ("{% if fact.wait %}{{ fact.wait | upper }}{% endif %}", "No filter named 'upper'"),
        ("{{ fact.wait", "unexpected end of template"),
        ("{% unheard %}", "unknown tag"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ 'text' | gen }}", "AttributeError"),
        ("{{ fact.line | number }}", "InvalidOperation"),
        ("{{ fact.line | hyphen }}", "InvalidOperation"),
    ],
)
def test_whatever_else_goes_wrong_is_one_kind_of_problem_at_its_line(attack: str, said: str) -> None:
    with pytest.raises(TemplateProblem, match=said) as refusal:
        rendered(f"First line.\n{attack}")
    assert refusal.value.line == 2

"""Facts into texts: a sandboxed Jinja2 that knows nothing but `fact` and four filters."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from knowledge_base.article import Language
from knowledge_base.facts import Fact
from knowledge_base.formatting import format_number, format_value, hyphenated


class TemplateProblem(ValueError):
    """A text that cannot be rendered: which line of it, and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


class FactInText:
    """A fact on its way into a sentence; as a string, its nominative form."""

    def __init__(self, fact: Fact, language: Language) -> None:
        self._fact = fact
        self._language = language

    def in_case(self, case: str) -> str:
        return format_value(self._fact.value, self._fact.unit, self._language, case)

    def number(self) -> str:
        value: Any = self._fact.value
        values = value if isinstance(value, list) else [value]
        return "–".join(format_number(v, self._language) for v in values)

    def hyphenated(self) -> str:
        return hyphenated(self._fact.value, self._fact.unit)  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.in_case("nom")


class _FactTable:
    def __init__(self, facts: Mapping[str, Fact], language: Language) -> None:
        self._facts = facts
        self._language = language
        self.quoted: set[str] = set()

    def __getitem__(self, name: str) -> FactInText:
        fact = self._facts[name]
        self.quoted.add(name)
        return FactInText(fact, self._language)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Facts are reached by name; no attribute of a Python object is, and nothing can be called."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        return False

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
        return False


def _never_a_hole(value: object) -> object:
    """What a text may show; TypeError for nothing, for an empty text and for an object that is no fact."""
    is_shown = isinstance(value, (str, int, float, FactInText, jinja2.Undefined)) and not isinstance(value, bool)
    if not is_shown or (not isinstance(value, jinja2.Undefined) and str(value).strip() in {"", "None"}):
        raise TypeError("nothing to show")
    return value


def _environment() -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(undefined=jinja2.StrictUndefined, autoescape=False, finalize=_never_a_hole)
    environment.globals.clear()
    environment.filters.clear()
    environment.filters["gen"] = lambda fact: fact.in_case("gen")
    environment.filters["loc"] = lambda fact: fact.in_case("loc")
    environment.filters["number"] = lambda fact: fact.number()
    environment.filters["hyphen"] = lambda fact: fact.hyphenated()
    return environment


_ENVIRONMENT = _environment()
COMPILED_MAX = 32_768  # texts of ten thousand articles: checking and publishing render the same ones again and again
_compiled = functools.lru_cache(maxsize=COMPILED_MAX)(_ENVIRONMENT.from_string)


def render_facts(
    text: str, facts: Mapping[str, Fact], language: Language, **values: object
) -> tuple[str, frozenset[str]]:
    """The text with its facts (and any other values) filled in, and the names of the facts it quoted.

    Raises TemplateProblem for anything missing or not allowed: a text never has a hole.
    """
    table = _FactTable(facts, language)
    try:
        rendered = _compiled(text).render(fact=table, **values)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateProblem(error.lineno, f"template: {error.message}") from error
    except jinja2.UndefinedError as error:
        raise TemplateProblem(_failing_line(error), f"unknown fact or name: {_named(error.message or '')}") from error
    except jinja2.exceptions.SecurityError as error:
        raise TemplateProblem(_failing_line(error), f"not allowed in a text: {error}") from error
    except (jinja2.TemplateError, TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
        raise TemplateProblem(_failing_line(error), f"cannot be filled in: {error!r}") from error
    return rendered, frozenset(table.quoted)


def _named(message: str) -> str:
    """The fact that Jinja2 did not find, without the names of our own classes."""
    found = re.search(r"_FactTable object' has no attribute '(.*)'", message)
    return f"fact.{found[1]}" if found else message


def _failing_line(error: BaseException) -> int:
    """The template line in an error's traceback, where Jinja2 has rewritten it; 1 otherwise."""
    line = 1
    trace: Any = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line

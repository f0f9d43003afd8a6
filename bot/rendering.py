"""Decisions into words: the reply templates of bot/replies, in the player's language."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import yaml
from babel.dates import format_date

from bot.decision import Level, Reason
from knowledge_base.article import Language
from knowledge_base.facts import Fact
from knowledge_base.published import PublishedText
from knowledge_base.rendering import render_facts

REPLIES = Path(__file__).parent / "replies"
_ARTICLE_LINK = re.compile(r"\[([^\]]+)\]\(article:[\w-]+\)")


class Replies:
    """Renders every reply; `now` tells which help lines are open."""

    def __init__(self, facts: Mapping[str, Fact], now: Callable[[], datetime]) -> None:
        self._facts = facts
        self._now = now

    def answer(self, texts: Sequence[PublishedText], language: Language) -> str:
        """The bodies of the articles answered with, each with its source and date."""
        return "\n\n".join(
            self._fill(
                "answer",
                language,
                body=_ARTICLE_LINK.sub(r"\1", text.body or ""),
                title=text.title,
                reviewed=format_date(text.reviewed, "d MMMM y", locale=language.value),
            )
            for text in texts
        )

    def clarify(self, titles: Sequence[str], language: Language) -> str:
        """Which of these is meant?"""
        return self._fill("clarify", language, choices=list(titles))

    def escalate(self, reason: Reason, language: Language) -> str:
        """Why a person takes over, and what happens next."""
        return self._fill(reason.value, language)

    def crisis(self, level: Level | None, language: Language, *, is_again: bool) -> str:
        """What a player in trouble is told; said once, it is not repeated word for word. Open help lines only."""
        opens, closes = self._addiction_hours()
        clock = self._now().strftime("%H:%M")
        return self._fill(
            f"crisis_{(level or Level.HARM).value}{'_again' if is_again else ''}", language,
            is_addiction_line_open=opens <= clock < closes, addiction_line_until=closes,
        )  # fmt: skip

    def courtesy(self, language: str) -> str:
        """For a language the bot does not know: a sentence in it, where there is one, and English."""
        own = _courtesies().get(language)
        english = self._fill("unsupported_language", Language.EN)
        return f"{own}\n\n{english}" if own else english

    def meanwhile(self, text: PublishedText, language: Language) -> str:
        """An article below a hand-over, marked as general."""
        return self._fill("meanwhile", language, title=text.title, body=_ARTICLE_LINK.sub(r"\1", text.body or ""))

    def handed_over(self, question: str, language: Language) -> str:
        """Of two questions, the one that a person answers."""
        return self._fill("partly", language, question=question)

    def privacy_note(self, language: Language, *, is_secret: bool) -> str:
        """Please do not send such things here."""
        return self._fill("privacy_secret" if is_secret else "privacy", language)

    def small_talk(self, kind: str, language: Language) -> str:
        """A short, kind, honest line."""
        return self._fill(f"smalltalk_{kind}", language)

    def check(self) -> None:
        """Render every reply once: TemplateProblem if one quotes a fact that is missing."""
        sample = {
            "body": "Body.", "title": "Title", "reviewed": "1.1.", "choices": ["Title"], "question": "Question?",
            "is_addiction_line_open": True, "addiction_line_until": "22:00",
        }  # fmt: skip
        for language in Language:
            for path in sorted((REPLIES / language.value).glob("*.md")):
                self._fill(path.stem, language, **sample)

    def _addiction_hours(self) -> tuple[str, str]:
        fact = self._facts.get("helpline_addiction_hours")
        if fact is None or not isinstance(fact.value, list):
            return "99:99", "99:99"
        opens, closes = (str(v).rjust(5, "0") for v in fact.value)
        return opens, closes

    def _fill(self, name: str, language: Language, **values: object) -> str:
        return render_facts(_template(name, language), self._facts, language, **values)[0].strip()


@functools.cache
def _courtesies() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((REPLIES / "courtesy.yaml").read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _template(name: str, language: Language) -> str:
    return (REPLIES / language.value / f"{name}.md").read_text(encoding="utf-8")

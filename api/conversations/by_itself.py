"""What the bot may send to who wrote by mail, before a person has looked: nothing, unless it was switched on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.bot import Bot
from bot.decision import Action, Decision, Reason
from knowledge_base.article import RiskClass


@dataclass(frozen=True)
class ByItself:
    """Risk classes of articles that go out by themselves; help lines in a crisis are no answer, but a hand held out."""

    classes: frozenset[RiskClass] = frozenset()
    help_lines: bool = True

    def goes(self, decision: Decision, bot: Bot) -> bool:
        """Whether the decision's reply is sent at once; a person answers all the same."""
        if decision.reason is Reason.CRISIS:
            return self.help_lines
        if decision.action is not Action.ANSWER or not decision.articles:
            return False
        return all(each in bot.articles and bot.articles[each].risk in self.classes for each in decision.articles)


NOTHING = ByItself()

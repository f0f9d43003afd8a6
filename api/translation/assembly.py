"""The translator that the settings name, if any, and all that uses it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from api.conversations.hub import Hub
from api.conversations.service import Clock
from api.database.connection import Database
from api.settings import Settings
from api.translation.checked import CheckedTranslator
from api.translation.libretranslate import LibreTranslate
from api.translation.marian import Marian
from api.translation.protecting import names_in
from api.translation.service import Translations
from api.translation.translator import Translator
from bot.bot import Bot


def make_translations(
    settings: Settings, database: Database, hub: Hub, bot: Callable[[], Bot], now: Clock
) -> Translations:
    """Joined; nothing is opened or loaded yet."""
    translator = _translator(settings)
    checked = CheckedTranslator(translator, settings.translator_seconds) if translator else None
    return Translations(database, hub, checked, lambda text: bot().languages.detect(text), _Names(bot), now)  # noqa: PLW0108 - the bot of then


def _translator(settings: Settings) -> Translator | None:
    if settings.translator_url:
        return LibreTranslate(settings.translator_url, settings.translator_key, settings.translator_seconds)
    if settings.translator_directions:
        return Marian(settings.translator_directions, settings.translator_seconds)
    return None


class _Names:
    """The proper names of the articles in use; looked for once for each set of articles."""

    def __init__(self, bot: Callable[[], Bot]) -> None:
        self._bot = bot
        self._of: object = None
        self._found: frozenset[str] = frozenset()

    def __call__(self) -> Collection[str]:
        articles = self._bot().articles
        if articles is not self._of:
            self._of, self._found = articles, names_in(articles)
        return self._found

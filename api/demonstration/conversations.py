"""A few conversations to begin with, held with the real bot, so that the desk of the demonstration is not empty."""

from __future__ import annotations

from api.chat import Chat
from api.conversations.queries import has_conversations
from api.demonstration.letters import add_sample_letters
from knowledge_base.article import Language

SAMPLES: tuple[tuple[Language, tuple[str, ...], bool], ...] = (  # language, messages, whether a person is asked for
    (Language.PL, ("dzień dobry", "kiedy przyjda pieniadze z wyplaty na karte"), False),
    (Language.PL, ("weryfikacja trwa juz trzeci dzien, ile jeszcze?",), True),
    (Language.EN, ("Hi, which documents do you accept for verification?", "and can I use a driving licence?"), True),
    (Language.PL, ("czemu moja wypłata z wczoraj dalej wisi? mój nick to lisek77",), False),
    (Language.PL, ("przegrałem wszystko i mam długi, nie wiem już co robić ze sobą",), False),
)


async def add_sample_conversations(chat: Chat) -> None:
    """All of them, unless there are conversations already."""
    async with chat.database.reading() as connection:
        if await has_conversations(connection):
            return
    for sample, (language, messages, wants_person) in enumerate(SAMPLES):
        _, conversation = await chat.conversations.start(language)
        for number, message in enumerate(messages):
            await chat.say(conversation.id, f"sample-{sample}-{number}", message)
        if wants_person:
            await chat.ask_person(conversation.id)
    await add_sample_letters(chat)

"""From what players ask in vain to a better answer: grouped, made a phrasing, published, answered."""

from __future__ import annotations

import pytest

from api.publishing.values import JobState
from knowledge_base.article import Language
from tests.api.publishing.conftest import Service

pytestmark = pytest.mark.anyio
UNKNOWN = ("zbhq zbhq wxyv", "zbhq wxyv zbhq", "wxyv zbhq zbhq")  # of these words no article has any


async def test_questions_in_vain_become_phrasings_and_then_the_article_answers(service: Service) -> None:
    learning, content = service.app.state.learning, service.app.state.content
    for text in UNKNOWN:
        await learning.searched_in_vain(text, Language.PL)
    assert service.answers(UNKNOWN[0])[:1] != ("a-9",)

    (group,) = (await learning.groups(Language.PL)).groups
    assert {question.text for question in group.questions} == set(UNKNOWN)
    phrasings = [(question.lang, question.text) for question in group.questions]
    (version,) = await learning.add_phrasings("a-9", phrasings, group.ids, service.by, "asked in vain")
    assert UNKNOWN[0] not in service.app.state.engine.bot.articles["a-9"].texts[Language.PL].phrasings
    job = await service.published(await content.candidate([(version.key, version.number)]))

    assert job.state is JobState.LIVE
    assert service.answers(UNKNOWN[0])[0] == "a-9"
    assert (await learning.groups(Language.PL)).groups == []

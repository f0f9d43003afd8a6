"""Publishing over a real index: what players get afterwards, what the gate says, and what happens when it fails."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace

import httpx
import pytest

from api.publishing.problems import OverrideNotAllowedError
from api.publishing.values import JobState, Report, Why
from api.staff.values import Role
from tests.api.publishing.conftest import Service, running
from tests.many_articles import asked

pytestmark = pytest.mark.anyio
# Few articles are touched here, and again and again: with more, each publishing would fit everything anew.


async def test_the_gate_stops_wrong_answers_unless_a_manager_says_why(service: Service) -> None:
    candidate = await service.exchanged("a-7", "a-8")
    job = await service.published(candidate)
    assert (job.state, job.error) == (JobState.STOPPED, None)
    assert job.report is not None
    assert job.report.why == [Why.WRONG_ANSWERS]
    assert {each.expected for each in job.report.worse} == {("a-7",), ("a-8",)}
    assert job.report.after["all"].wrong > job.report.before["all"].wrong
    assert await service.app.state.content.current_id() == candidate.former_release
    editor = replace(service.by, role=Role.EDITOR)
    with pytest.raises(OverrideNotAllowedError):
        await service.app.state.publishing.start(candidate, editor, "I want to")
    forced = await service.published(candidate, "They were mixed up.")
    assert forced.state is JobState.LIVE
    assert (await service.app.state.content.current()).reason == "They were mixed up."


async def test_what_is_published_is_what_the_bot_answers_by(service: Service) -> None:
    before = service.app.state.engine
    job = await service.published(await service.asking("a-1", "zupełnie nowe słowo kwiatek"))
    assert (job.state, job.error) == (JobState.LIVE, None)
    assert service.answers("zupełnie nowe słowo kwiatek")[0] == "a-1"
    assert service.app.state.engine is not before
    assert before.bot.articles["a-1"] != service.app.state.engine.bot.articles["a-1"]
    assert job.report is not None
    assert job.report.fitted["mode"] == "incremental"
    assert job.report.after["all"].questions == job.report.before["all"].questions > 50
    assert Report.from_json(job.report.to_json()) == job.report


async def test_its_progress_can_be_watched(service: Service) -> None:
    job = await service.app.state.publishing.start(await service.asking("a-1", "jeszcze inne słowo"), service.by)
    states = [state async for state in service.app.state.publishing.watch(job.id)]
    assert [state.number for state in states] == sorted({state.number for state in states})
    assert {JobState.BUILDING, JobState.LIVE} <= {state.state for state in states}
    assert {"Checking the content", "Indexing"} <= {state.stage for state in states}
    assert service.app.state.publishing.latest().id == job.id


async def test_an_archived_article_is_gone_and_comes_back_with_the_former_release(service: Service) -> None:
    former = await service.app.state.content.current_id()
    question = asked(3)
    assert service.answers(question)[0] == "a-3"
    job = await service.published(await service.archived("a-3"), "it is wrong")
    assert job.state is JobState.LIVE
    assert "a-3" not in service.answers(question)
    assert "a-3" not in service.app.state.engine.bot.articles
    back = await service.app.state.publishing.go_back(former, service.by)
    assert (await service.app.state.publishing.finished(back.id)).state is JobState.LIVE
    assert service.answers(question)[0] == "a-3"
    assert (await service.app.state.content.published()).knowledge_base.articles["a-3"].id == "a-3"


async def test_of_two_at_once_one_waits_and_both_come_into_force(service: Service) -> None:
    first = await service.asking("a-1", "pierwsze z dwóch słów")
    second = await service.asking("a-8", "drugie z dwóch słów")
    jobs = [await service.app.state.publishing.start(each, service.by) for each in (first, second)]
    assert service.app.state.publishing.job(jobs[1].id).state is JobState.WAITING
    over = [await service.app.state.publishing.finished(job.id) for job in jobs]
    assert [(job.state, job.error) for job in over] == [(JobState.LIVE, None)] * 2
    assert service.answers("pierwsze z dwóch słów")[0] == "a-1"
    assert service.answers("drugie z dwóch słów")[0] == "a-8"


async def test_trying_shows_both_and_changes_nothing(service: Service) -> None:
    candidate = await service.asking("a-1", "słowo na próbę motyl")
    version = service.app.state.engine.manifest.version
    for _ in range(2):
        tried = await service.app.state.publishing.try_out(candidate, "słowo na próbę motyl")
        assert tried.after.evidence[0].article_id == "a-1"
        assert tried.after.evidence[0].phrasing == "słowo na próbę motyl"
        assert "motyl" in tried.after.evidence[0].shared_words
        assert all(line.phrasing != "słowo na próbę motyl" for line in tried.before.evidence)
    assert service.app.state.engine.manifest.version == version


async def test_a_problem_in_the_content_stops_it(service: Service) -> None:
    broken = await service.changed("a-7", body="Kwota {{ fact.no_such_fact }} w tekście, " + "słowo " * 70)
    job = await service.published(broken)
    assert job.state is JobState.STOPPED
    assert job.report is not None
    assert job.report.why == [Why.PROBLEMS]
    assert {problem.path.name for problem in job.report.problems} == {"a-7.pl.md"}


async def test_a_killed_build_leaves_the_old_index_and_says_so(service: Service) -> None:
    before, publishing = service.app.state.engine, service.app.state.publishing
    candidate = await service.asking("a-8", "słowo którego nikt nie zobaczy")
    job = await publishing.start(candidate, service.by)
    async for state in publishing.watch(job.id):
        if state.state is JobState.BUILDING and publishing.builder.process_id:
            os.kill(publishing.builder.process_id, signal.SIGKILL)
    over = publishing.job(job.id)
    assert over.state is JobState.FAILED
    assert "killed (signal 9)" in over.error
    assert service.app.state.engine is before
    assert await service.app.state.content.current_id() == candidate.former_release
    assert (await service.published(candidate)).state is JobState.LIVE


async def test_another_process_follows(service: Service) -> None:
    async with running(service.app.state.settings) as other:
        assert (await service.published(await service.asking("a-1", "wieść która się niesie"))).state is JobState.LIVE
        await other.state.publishing.follower.follow()
        decision = other.state.engine.bot.reply("wieść która się niesie")
        assert decision.candidates[0].id == "a-1"
        assert other.state.engine.manifest.version == service.app.state.engine.manifest.version


async def test_after_a_quiet_while_everything_is_fitted_anew(service: Service) -> None:
    job = await service.published(await service.asking("a-1", "słowo przed ciszą"))
    await service.app.state.publishing.refit(0.0)
    assert service.app.state.engine.manifest.fit["mode"] == "full"
    release = await service.app.state.content.current()
    assert (release.staff_id, release.former_id) == (None, job.release_id)
    assert service.answers("słowo przed ciszą")[0] == "a-1"


async def test_questions_go_on_while_an_article_comes_and_goes(service: Service) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://test", timeout=60)
    question, is_over = asked(3), asyncio.Event()
    answers: list[tuple[int, bool]] = []
    gone = False

    async def ask_on() -> None:
        while not is_over.is_set():
            was_gone = gone
            found = await client.post("/api/v1/answers", json={"text": question})
            names = [each["id"] for each in found.json().get("candidates", [])]
            answers.append((found.status_code, was_gone and "a-3" in names))

    asking = [asyncio.create_task(ask_on()) for _ in range(3)]
    for _ in range(2):
        former = await service.app.state.content.current_id()
        assert (await service.published(await service.archived("a-3"), "away")).state is JobState.LIVE
        gone = True
        back = await service.app.state.publishing.go_back(former, service.by)
        gone = False
        assert (await service.app.state.publishing.finished(back.id)).state is JobState.LIVE
    is_over.set()
    await asyncio.gather(*asking)
    await client.aclose()
    assert len(answers) > 3
    assert {status for status, _ in answers} == {200}
    assert not any(is_wrong for _, is_wrong in answers)

"""/editor/publish: choose what is published, see the gate's report as it comes, go on against it with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import StreamingResponse

from api.content.problems import EntryNotFoundError
from api.content.service import Waiting
from api.content.values import EntryKind, Key, VersionChange
from api.editor.article_pages import title_of
from api.editor.preview import Fault
from api.editor.room import VIEWS, content_of, page, page_router, to
from api.editor.routes import fault_text
from api.html.language import page_language
from api.problems import ProblemError
from api.publishing.service import Publishing
from api.publishing.values import Job, Report
from api.staff.signed_in import Editor
from knowledge_base.article import Language, Problem

router = page_router()


class NothingChosenError(ProblemError):
    """A publishing of nothing."""

    status = 422
    code = "nothing_chosen"


class ReasonNeededError(ProblemError):
    """Going on against the gate without saying why."""

    status = 422
    code = "reason_needed"


@router.get("/editor/publish")
async def get_publish(request: Request, me: Editor, article: str = "") -> Response:
    """Everything that waits; what is ready can be chosen, and a publishing under way is shown to everybody."""
    publishing_of(request).warm()
    waiting = await content_of(request).waiting()
    job = publishing_of(request).latest()
    return page(
        request, "publish.html", me, "publish", waiting=[_shown(each, request) for each in waiting], chosen=article,
        under_way=job if job and not job.state.is_over else None,
    )  # fmt: skip


@router.post("/editor/publish")
async def post_publish(request: Request, me: Editor, chosen: Annotated[list[str] | None, Form()] = None) -> Response:
    """Begin to publish the chosen versions, 'article/x:3' each."""
    try:
        picked = [(Key.of(text), int(number)) for text, _, number in (each.rpartition(":") for each in chosen or ())]
    except ValueError:  # no page of ours sends such a thing
        picked = []
    if not picked:
        raise NothingChosenError("Choose at least one change.")
    content = content_of(request)
    await content.refuse_unready(picked)
    job = await publishing_of(request).start(await content.candidate(picked), me)
    return to(request, f"/editor/publish/jobs/{job.id}")


@router.get("/editor/publish/jobs/{job_id}")
async def get_job(job_id: str, request: Request, me: Editor) -> Response:
    """One publishing, as it goes."""
    job = _job(request, job_id)
    return page(request, "job.html", me, "publish", job=job, **await job_values(request, job))


@router.get("/editor/publish/jobs/{job_id}/stream")
async def get_job_stream(job_id: str, request: Request, me: Editor) -> Response:
    """Its states as server-sent events, each the part of the page that shows it."""
    _job(request, job_id)
    language = page_language(request)

    async def events() -> AsyncIterator[str]:
        async for job in publishing_of(request).watch(job_id):
            values = await job_values(request, job)
            html = VIEWS.render("job_state.html", language, job=job, me=me, **values)
            name = "over" if job.state.is_over else "state"
            yield f"event: {name}\n" + "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.post("/editor/publish/jobs/{job_id}/override")
async def post_override(
    job_id: str, request: Request, me: Editor, reason: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """A manager publishes what the gate has stopped, and says why."""
    if not reason.strip():
        raise ReasonNeededError("Say why you publish all the same.")
    candidate = await content_of(request).rebased(_job(request, job_id).candidate)
    job = await publishing_of(request).start(candidate, me, reason.strip())
    return to(request, f"/editor/publish/jobs/{job.id}")


def publishing_of(request: Request) -> Publishing:
    """The app's publishing."""
    publishing: Publishing = request.app.state.publishing
    return publishing


async def job_values(request: Request, job: Job) -> dict[str, Any]:
    """What the parts about a publishing need."""
    return {"changes": await change_names(request, job.candidate.changes), **report_values(request, job.report)}


def report_values(request: Request, report: Report | None) -> dict[str, Any]:
    """A report's problems in words, and the titles of the articles it names."""
    t = VIEWS.texts(page_language(request))
    problems = [_problem(each, t) for each in (report.problems if report else ())]
    return {"report": report, "problems": problems, "titles": titles_of(request)}


def _problem(problem: Problem, t: dict[str, Any]) -> dict[str, Any]:
    said = fault_text(Fault("", 1, problem.code, problem.value, str(problem)), t)
    return {"where": problem.path.name, "line": problem.line, "text": said}


def titles_of(request: Request) -> dict[str, str]:
    """Article id -> title, of what players get now."""
    language, articles = page_language(request), request.app.state.engine.bot.articles
    found = {}
    for article_id, article in articles.items():
        text = article.texts.get(language) or next(iter(article.texts.values()), None)
        found[article_id] = text.title if text else article_id
    return found


async def change_names(request: Request, changes: tuple[VersionChange, ...]) -> list[dict[str, Any]]:
    """What a release changes, as links."""
    language, content = page_language(request), content_of(request)
    named = []
    for change in changes[:100]:
        head = await content.head(change.key)
        folder = "articles" if change.key.kind is EntryKind.ARTICLE else "facts"
        title = title_of(head, language) if change.key.kind is EntryKind.ARTICLE else change.key.name
        named.append({
            "title": title, "folder": folder, "name": change.key.name, "before": change.before, "after": change.after,
            "chosen": change.chosen,
        })  # fmt: skip
    return named


def _job(request: Request, job_id: str) -> Job:
    job = publishing_of(request).job(job_id)
    if job is None:
        raise EntryNotFoundError("This publishing is not known any more; see the releases.")
    return job


def _shown(waiting: Waiting, request: Request) -> dict[str, Any]:
    head, language = waiting.head, page_language(request)
    is_article = head.key.kind is EntryKind.ARTICLE
    return {
        "value": f"{head.key}:{head.head}", "name": head.key.name, "folder": "articles" if is_article else "facts",
        "title": title_of(head, Language(language)) if is_article else head.key.name, "head": head,
        "is_ready": waiting.is_ready, "needs_review": waiting.needs_review,
    }  # fmt: skip

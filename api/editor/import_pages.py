"""/editor/import: a table, a folder of Markdown or saved pages become drafts; first a plan, then a yes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from api.content.problems import EntryNotFoundError
from api.editor.room import VIEWS, page, page_router, to
from api.html.language import page_language
from api.importing.service import Importing
from api.importing.values import ImportJob
from api.problems import ProblemError
from api.staff.signed_in import Editor

FILES_MAX = 20_000  # of a folder: two languages of ten thousand articles
SHOWN = 200  # rows of a plan, and errors, on a page
PAGES = (".html", ".htm", ".xml")

router = page_router()


class NoFileError(ProblemError):
    """Nothing that can be read was chosen."""

    status = 422
    code = "no_file"


@router.get("/editor/import")
async def get_import(request: Request, me: Editor) -> Response:
    """The form."""
    return page(request, "import.html", me, "import")


@router.post("/editor/import")
async def post_import(request: Request, _me: Editor) -> Response:
    """Begin to read; the kind follows from the files' names."""
    form = await request.form(max_files=FILES_MAX)
    uploads = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
    files = {str(each.filename): await each.read() for each in uploads}
    importing, name = importing_of(request), next(iter(files), "")
    if tables := _ending(files, ".csv"):
        name, data = next(iter(tables.items()))
        job = await importing.start_csv(data, name)
    elif texts := _ending(files, ".md"):
        job = await importing.start_markdown(texts, name)
    elif pages := _ending(files, *PAGES):
        job = await importing.start_html(pages, name)
    else:
        raise NoFileError("Choose a .csv table, .md files or a folder of them, or saved .html pages.")
    return to(request, f"/editor/import/{job.id}")


@router.get("/editor/import/{job_id}")
async def get_import_job(job_id: str, request: Request, me: Editor) -> Response:
    """How far it is; once read, the plan."""
    return page(request, "import_job.html", me, "import", **_values(_job(request, job_id)))


@router.get("/editor/import/{job_id}/stream")
async def get_import_stream(job_id: str, request: Request, _me: Editor) -> Response:
    """Its states as server-sent events, each the part of the page that shows it."""
    _job(request, job_id)
    language = page_language(request)

    async def events() -> AsyncIterator[str]:
        async for job in importing_of(request).watch(job_id):
            html = VIEWS.render("import_state.html", language, **_values(job))
            name = "over" if job.state.is_over else "state"
            yield f"event: {name}\n" + "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.post("/editor/import/{job_id}/apply")
async def post_apply(job_id: str, request: Request, me: Editor) -> Response:
    """Yes: everything of the plan becomes a draft, or nothing does."""
    await importing_of(request).apply(job_id, me)
    return to(request, f"/editor/import/{job_id}")


def _ending(files: dict[str, bytes], *endings: str) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.lower().endswith(endings)}


def importing_of(request: Request) -> Importing:
    """The app's imports."""
    importing: Importing = request.app.state.importing
    return importing


def _job(request: Request, job_id: str) -> ImportJob:
    job = importing_of(request).job(job_id)
    if job is None:
        raise EntryNotFoundError("This import is not known any more; read the file again.")
    return job


def _values(job: ImportJob) -> dict[str, Any]:
    return {"job": job, "plan": job.plan[:SHOWN], "errors": job.errors[:SHOWN], "shown": SHOWN}

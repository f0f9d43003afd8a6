"""Every error as application/problem+json (RFC 9457) with a stable code, made in this one place."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

logger = structlog.get_logger()


class ProblemError(Exception):
    """An error to be shown: subclasses set the status and the code."""

    status = 500
    code = "internal_error"
    retry_after: float | None = None  # seconds, where waiting helps

    def __init__(self, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.more = more  # further fields of the document


class ArticleNotFoundError(ProblemError):
    """No published article of that id in that language."""

    status = 404
    code = "article_not_found"


_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


def problem(status: int, code: str, detail: str, **more: Any) -> JSONResponse:
    """One problem document."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return JSONResponse(body | more, status, media_type="application/problem+json")


def add_problem_handlers(app: FastAPI) -> None:
    """All errors of the app, expected or not, answer with a problem document."""

    @app.exception_handler(ProblemError)
    async def _expected(_: Request, error: ProblemError) -> JSONResponse:
        response = problem(error.status, error.code, error.detail, **error.more)
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(math.ceil(error.retry_after))
        return response

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return problem(422, "invalid_request", "; ".join(_explain(e) for e in error.errors()))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, _CODES.get(error.status_code, "http_error"), str(error.detail))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        logger.error("unexpected_error", path=request.url.path, kind=type(error).__name__, exc_info=error)
        return problem(500, "internal_error", "Something went wrong on our side; it has been logged.")


def _explain(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if part != "body") or "body"
    return f"{where}: {error['msg']}"

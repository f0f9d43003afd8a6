"""The HTTP side: decisions, articles, health, and every error in one shape."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.body_limit import BODY_MAX
from api.settings import Settings
from tests.bot.fakes import FakeRetriever, article, candidate, make_bot

KEYS = {
    "action", "reason", "confidence", "language", "articles", "candidates", "text", "masked", "reply", "choices",
    "level", "protected",
}  # fmt: skip


class Angry(FakeRetriever):
    """Fails as no retriever should."""

    def retrieve(self, question: str):  # type: ignore[no-untyped-def]
        raise RuntimeError(f"secret detail about {question}")


def client(retriever: FakeRetriever | None = None) -> TestClient:
    found = {"kiedy wypłata": (candidate("payout"), candidate("bonus", 0.1))}
    payout = article("payout", body="**Do 24 godzin.** [więcej](article:bonus)")
    bot = make_bot(retriever or FakeRetriever(found), payout)
    manifest = SimpleNamespace(version="v1", model="fake", counts={"articles": 1})
    return TestClient(
        create_app(SimpleNamespace(bot=bot, manifest=manifest), Settings()), raise_server_exceptions=False
    )  # type: ignore[arg-type]


def test_a_question_gets_a_decision() -> None:
    answer = client().post("/api/v1/answers", json={"text": "kiedy wypłata", "history": ["hej"]})
    assert answer.status_code == 200
    assert set(answer.json()) == KEYS
    assert answer.json()["articles"] == ["payout"]


def test_half_a_surrogate_pair_is_no_reason_to_refuse() -> None:
    answer = client().post(
        "/api/v1/answers", content=b'{"text": "\\ud800 kiedy"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"text": 5}', 422, "invalid_request"),
        (b'{"text": "a", "more": 1}', 422, "invalid_request"),
        (b'{"text": "a", "history": "b"}', 422, "invalid_request"),
        (b"{}", 422, "invalid_request"),
        (b"not json", 422, "invalid_request"),
        (b'{"text": "\xff"}', 400, "bad_request"),
        (b'{"text": "' + b"a" * BODY_MAX + b'"}', 413, "too_large"),
    ],
)
def test_a_bad_request_is_a_problem_with_a_stable_code(body: bytes, status: int, code: str) -> None:
    answer = client().post("/api/v1/answers", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "code", "detail"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/v1/answers", 405, "method_not_allowed"),
        ("GET", "/api/v1/articles/none", 404, "article_not_found"),
        ("GET", "/api/v1/articles/payout?lang=de", 422, "invalid_request"),
    ],
)
def test_every_error_has_the_same_shape(method: str, path: str, status: int, code: str) -> None:
    answer = client().request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unexpected_error_tells_nothing_of_its_inside() -> None:
    answer = client(Angry()).post("/api/v1/answers", json={"text": "kiedy wypłata"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text


def test_an_article_comes_as_markdown_and_as_safe_html() -> None:
    shown = client().get("/api/v1/articles/payout?lang=pl").json()
    assert shown["body"].startswith("**Do 24 godzin.**")
    assert "<strong>Do 24 godzin.</strong>" in shown["html"]
    assert (shown["id"], shown["lang"], shown["reviewed"]) == ("payout", "pl", "2026-11-23")


def test_health_and_metrics() -> None:
    web = client()
    web.post("/api/v1/answers", json={"text": "kiedy wypłata"})
    assert web.get("/livez").json() == {"status": "ok"}
    assert web.get("/readyz").json()["index"] == "v1"
    assert 'krupier_decisions_total{action="answer",reason="confident"} 1.0' in web.get("/metrics").text


def test_the_interface_describes_itself() -> None:
    paths = client().get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/answers", "/api/v1/articles/{article_id}", "/livez", "/readyz"} <= set(paths)

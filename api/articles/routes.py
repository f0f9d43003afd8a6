"""GET /api/v1/articles/{id}: a published article in a language."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.problems import ArticleNotFoundError
from api.text import to_html
from knowledge_base.article import Language

router = APIRouter(prefix="/api/v1", tags=["articles"])


@router.get("/articles/{article_id}", summary="A published article")
async def get_article(article_id: str, request: Request, lang: Language = Language.PL) -> dict[str, Any]:
    """Title, body as Markdown and as HTML, dates and related articles."""
    article = request.app.state.engine.bot.articles.get(article_id)
    text = article.texts.get(lang) if article else None
    if article is None or text is None or text.body is None:
        raise ArticleNotFoundError(f"There is no published article '{article_id[:80]}' in '{lang.value}'.")
    return {
        "id": article.id,
        "lang": lang.value,
        "title": text.title,
        "category": article.category,
        "body": text.body,
        "html": to_html(text.body),
        "reviewed": text.reviewed.isoformat(),
        "related": list(article.related),
    }

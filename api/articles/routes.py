"""GET /api/v1/articles/{id}: a published article in a language."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from api.problems import ArticleNotFoundError
from api.reply_parts import readable
from api.text import to_html
from knowledge_base.article import Language

router = APIRouter(prefix="/api/v1", tags=["articles"])


@router.get("/articles/{article_id}", summary="A published article")
async def get_article(article_id: str, request: Request, lang: Language = Language.PL) -> dict[str, Any]:
    """Title, body as Markdown and as HTML, dates and related articles."""
    articles = request.app.state.engine.bot.articles
    text = readable(articles, article_id, lang)
    if text is None or text.body is None:
        raise ArticleNotFoundError(f"There is no published article '{article_id[:80]}' in '{lang.value}'.")
    article = articles[article_id]
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

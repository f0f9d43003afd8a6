"""/help: the front page, a category, an article; whole pages, the same with and without scripts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.help.address import origin_of
from api.help.catalogue import (
    HELP_ARTICLE,
    Catalogue,
    article_path,
    category_path,
    help_lines,
    related,
    text_html,
)
from api.help.structured import QUESTIONS_MAX, json_ld
from api.html.language import page_language
from api.html.views import Views
from api.reply_parts import readable
from knowledge_base.article import Language, RiskClass

VIEWS = Views(Path(__file__).parent)
ON_FRONT = 4  # of each category; the rest is a click away

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/help")
async def get_front_of_browser(request: Request) -> Response:
    """In the language that the browser likes, or that ?lang= asks for."""
    return _front(request, page_language(request))


@router.get("/articles/{article_id}")
async def get_article_by_id(article_id: str, request: Request) -> Response:
    """The short address that replies quote, wherever the article stands by now."""
    return _to_article(request, article_id, page_language(request))


@router.get("/help/{lang}")
async def get_front(lang: str, request: Request) -> Response:
    """The categories, each with its first articles."""
    if lang not in set(Language):
        return missing(request, page_language(request))
    return _front(request, Language(lang))


@router.get("/help/{lang}/articles/{article_id}")
async def get_linked_article(lang: str, article_id: str, request: Request) -> Response:
    """Where one article links to another, by id."""
    return _to_article(request, article_id, Language(lang) if lang in set(Language) else page_language(request))


@router.get("/help/{lang}/{category}")
async def get_category(lang: str, category: str, request: Request) -> Response:
    """All articles of a category."""
    if lang not in set(Language):
        return missing(request, page_language(request))
    language = Language(lang)
    found = catalogue_of(request, language)
    cards = found.categories.get(category)
    if not cards:
        return missing(request, language)
    articles = request.app.state.engine.bot.articles
    title = category_title(category, language)
    path = category_path(category, language)
    crumbs = [*_crumbs(language), (title, path)]
    texts = [readable(articles, card.id, language) for card in cards[:QUESTIONS_MAX]]
    answers = [(text.title, str(text_html(text, language))) for text in texts if text]
    return page(
        request, "category.html", language, crumbs=crumbs, title=title, cards=cards, category=category,
        about=_category_texts(category, language).get("about", ""), paths=_category_paths(request, category),
        data=json_ld(origin_of(request), language, crumbs, answers),
    )  # fmt: skip


@router.get("/help/{lang}/{category}/{article_id}")
async def get_article(lang: str, category: str, article_id: str, request: Request, thanks: str = "") -> Response:
    """An article; under a category that it has left, the way to where it is."""
    if lang not in set(Language):
        return missing(request, page_language(request))
    language = Language(lang)
    articles, found = request.app.state.engine.bot.articles, catalogue_of(request, language)
    card, text = found.cards.get(article_id), readable(articles, article_id, language)
    if card is None or text is None:
        return missing(request, language)
    if card.category != category:
        return RedirectResponse(card.path, status_code=308)
    title = category_title(category, language)
    crumbs = [*_crumbs(language), (title, category_path(category, language)), (card.title, card.path)]
    html = text_html(text, language)
    is_protect = articles[article_id].risk is RiskClass.PROTECT
    lines = help_lines(articles, language) if is_protect and article_id != HELP_ARTICLE else None
    return page(
        request, "article.html", language, crumbs=crumbs, title=card.title, card=card, html=html, lines=lines,
        related=related(articles, article_id, found), is_protect=is_protect, thanks=thanks,
        paths=_article_paths(request, article_id),
        data=json_ld(origin_of(request), language, crumbs, [(card.title, str(html))]),
    )  # fmt: skip


@router.get("/help/{rest:path}")
async def get_nothing(request: Request) -> Response:
    """Whatever else somebody may have typed."""
    return missing(request, page_language(request))


def page(
    request: Request, template: str, language: Language, *, status: int = 200, is_private: bool = False, **values: Any
) -> Response:
    """A page of the help centre. Browsers keep it, but ask each time: an article that is taken back is gone at once."""
    help_card = catalogue_of(request, language).cards.get(HELP_ARTICLE)
    response = VIEWS.page(
        template, language, status=status, is_private=is_private, origin=origin_of(request), help_card=help_card,
        **{"data": None, "is_protect": False, "crumbs": [], "paths": {}, "question": ""} | values,
    )  # fmt: skip
    if is_private or status != 200:
        return response
    mark = f'"{hashlib.blake2b(response.body, digest_size=12).hexdigest()}"'
    headers = {"Cache-Control": "no-cache", "ETag": mark}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def missing(request: Request, language: Language) -> Response:
    """What is not there, or not any more, with the ways on."""
    title = VIEWS.texts(language)["missing_heading"]
    return page(request, "missing.html", language, status=404, title=title)


def catalogue_of(request: Request, language: Language) -> Catalogue:
    """What can be read right now."""
    found: Catalogue = request.app.state.help.catalogues.of(request.app.state.engine.bot.articles, language)
    return found


def category_title(category: str, language: Language) -> str:
    """A category's name; of one that editors have made up since, its id made readable."""
    return str(_category_texts(category, language).get("title") or category.replace("-", " ").capitalize())


def _category_texts(category: str, language: Language) -> dict[str, str]:
    found: dict[str, str] = VIEWS.texts(language)["categories"].get(category, {})
    return found


def _front(request: Request, language: Language) -> Response:
    found = catalogue_of(request, language)
    sections = [
        {
            "path": category_path(category, language), "title": category_title(category, language),
            "about": _category_texts(category, language).get("about", ""), "cards": cards[:ON_FRONT],
            "count": len(cards),
        }
        for category, cards in found.categories.items()
    ]  # fmt: skip
    title = VIEWS.texts(language)["front_title"]
    return page(
        request, "front.html", language, title=title, sections=sections,
        paths={each: f"/help/{each.value}" for each in Language},
        data=json_ld(origin_of(request), language, _crumbs(language)),
    )  # fmt: skip


def _to_article(request: Request, article_id: str, language: Language) -> Response:
    card = catalogue_of(request, language).cards.get(article_id)
    if card is None:
        return missing(request, language)
    return RedirectResponse(card.path, status_code=307)  # not for good: an article may move to another category


def _crumbs(language: Language) -> list[tuple[str, str]]:
    return [(VIEWS.texts(language)["help"], f"/help/{language.value}")]


def _category_paths(request: Request, category: str) -> dict[Language, str]:
    return {
        each: category_path(category, each) for each in Language if category in catalogue_of(request, each).categories
    }


def _article_paths(request: Request, article_id: str) -> dict[Language, str]:
    cards = {each: catalogue_of(request, each).cards.get(article_id) for each in Language}
    return {each: article_path(article_id, card.category, each) for each, card in cards.items() if card}

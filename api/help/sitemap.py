"""GET /sitemap.xml and /robots.txt: every page of the help centre with its counterpart in the other language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Request, Response

from api.help.address import origin_of
from api.help.catalogue import Catalogue, article_path, category_path
from knowledge_base.article import Language

router = APIRouter(include_in_schema=False)


@router.get("/sitemap.xml")
async def get_sitemap(request: Request) -> Response:
    """As sitemaps.org and Google's hreflang extension word it."""
    articles = request.app.state.engine.bot.articles
    found = {language: request.app.state.help.catalogues.of(articles, language) for language in Language}
    origin = origin_of(request)
    body = "".join(_urls(found, origin))
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{body}</urlset>\n'
    )
    return Response(xml, media_type="application/xml")


@router.get("/robots.txt")
async def get_robots(request: Request) -> Response:
    """The help centre is for everybody; desk and editors' room are for nobody else."""
    lines = (
        "User-agent: *", "Allow: /help", "Disallow: /desk", "Disallow: /editor", "Disallow: /insights",
        "Disallow: /api/", f"Sitemap: {origin_of(request)}/sitemap.xml", "",
    )  # fmt: skip
    return Response("\n".join(lines), media_type="text/plain")


def _urls(found: dict[Language, Catalogue], origin: str) -> Iterable[str]:
    yield from _entry(origin, {language: f"/help/{language.value}" for language in found})
    for category in dict.fromkeys(each for listed in found.values() for each in listed.categories):
        listed_in = [language for language, each in found.items() if category in each.categories]
        yield from _entry(origin, {language: category_path(category, language) for language in listed_in})
    for article_id in dict.fromkeys(each for listed in found.values() for each in listed.cards):
        cards = {language: each.cards[article_id] for language, each in found.items() if article_id in each.cards}
        paths = {language: article_path(article_id, card.category, language) for language, card in cards.items()}
        yield from _entry(origin, paths, max(card.reviewed for card in cards.values()))


def _entry(origin: str, paths: dict[Language, str], changed: date | None = None) -> Iterable[str]:
    """The page in each of its languages, each naming all of them."""
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language.value}" href={quoteattr(origin + path)}/>'
        for language, path in paths.items()
    )
    modified = f"<lastmod>{changed.isoformat()}</lastmod>" if changed else ""
    for path in paths.values():
        yield f"<url><loc>{_escaped(origin + path)}</loc>{modified}{others}</url>\n"


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]

"""What readers send: a search, a vote, what was missing. All of it works as plain forms.

A search travels in the body: in an address it would stay in histories and logs, with what is personal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from api.addresses import address_of
from api.asking import look_at
from api.help.catalogue import Card, help_lines
from api.help.pages import catalogue_of, category_title, missing, page
from api.html.language import page_language
from api.text import tidy, whole_characters
from bot.bot import Bot
from bot.decision import Proposal, Reason
from bot.question import CHARACTERS_MAX
from knowledge_base.article import Language

SEARCH_MIN = 3  # characters; of fewer nothing can be said
SHOWN_MAX = 5
CONFIDENCE_MIN = 0.05  # a list may guess more boldly than an answer; what is below it has hardly a word in common
COMMENT_MAX = 1_000

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Text = Annotated[str, Form()]


@dataclass(frozen=True)
class Found:
    """Articles, best first; or, where harm was heard, whom to call."""

    question: str
    cards: tuple[Card, ...]
    lines: Markup | None

    @property
    def is_asked(self) -> bool:
        """Whether there was anything to look for."""
        return len(self.question) >= SEARCH_MIN


@router.post("/help/{lang}/search")
async def post_search(lang: str, request: Request, q: Text = "") -> Response:
    """The page of what was found; a search in vain is kept, masked, for the editors."""
    if lang not in set(Language):
        return missing(request, page_language(request))
    language, found = Language(lang), await _found(request, Language(lang), q)
    if found.is_asked and not found.cards and found.lines is None:
        await request.app.state.learning.searched_in_vain(found.question, language)
    return page(request, "search.html", language, **_shown(found, language), is_private=True)


@router.get("/help/{lang}/search")
async def get_search(lang: str) -> Response:
    """After a reload without the form's words: the front page, where one can search."""
    return RedirectResponse(f"/help/{lang}" if lang in set(Language) else "/help", status_code=303)


@router.post("/help/{lang}/found")
async def post_found(lang: str, request: Request, q: Text = "") -> Response:
    """The list alone, while one types."""
    if lang not in set(Language):
        return missing(request, page_language(request))
    language = Language(lang)
    return page(
        request, "found.html", language, **_shown(await _found(request, language, q), language), is_private=True
    )


@router.post("/help/{lang}/{category}/{article_id}/vote")
async def post_vote(
    lang: str, category: str, article_id: str, request: Request, helped: Text = "", missed: Text = ""
) -> Response:
    """Did this help? Then back to the article, which says thank you and asks what was missing."""
    if lang not in set(Language):
        return missing(request, page_language(request))
    language = Language(lang)
    card = catalogue_of(request, language).cards.get(article_id)
    if card is None or card.category != category:
        return missing(request, language)
    request.app.state.chat.limits.messages.check(address_of(request))
    said = tidy(str(whole_characters(missed)))[:COMMENT_MAX]
    if said:
        await request.app.state.learning.missed_in_article(said, language, article_id)
        return RedirectResponse(f"{card.path}?thanks=words#vote", status_code=303)
    if helped in {"yes", "no"}:
        await request.app.state.help.vote(article_id, language, is_helpful=helped == "yes")
        return RedirectResponse(f"{card.path}?thanks={helped}#vote", status_code=303)
    return RedirectResponse(card.path, status_code=303)


async def _found(request: Request, language: Language, q: str) -> Found:
    """The same retrieval as the bot's, behind the limiter of searches."""
    question = " ".join(tidy(str(whole_characters(q))).split())[:CHARACTERS_MAX]
    if len(question) < SEARCH_MIN:
        return Found(question, (), None)
    request.app.state.chat.limits.searches.check(address_of(request))
    engine = request.app.state.engine
    proposals, is_harm = await look_at(request.app.state, engine, _looked, question)
    if is_harm:
        return Found(question, (), help_lines(engine.bot.articles, language))
    cards = request.app.state.help.catalogues.of(engine.bot.articles, language).cards
    near = [p.id for p in proposals if p.id in cards and p.confidence >= CONFIDENCE_MIN]
    return Found(question, tuple(cards[each] for each in near[:SHOWN_MAX]), None)


def _looked(bot: Bot, question: str) -> tuple[list[Proposal], bool]:
    """Proposals; where there are none, whether that is because harm was heard."""
    proposals = bot.suggest(question, (), False)
    return proposals, not proposals and bot.reply(question, (), False).reason is Reason.CRISIS


def _shown(found: Found, language: Language) -> dict[str, Any]:
    titles = {card.category: category_title(card.category, language) for card in found.cards}
    return {"found": found, "question": found.question, "titles": titles, "title": ""}

"""Evidence over a small knowledge base."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.corpus import Kind, passages, read_corpus, texts_of
from indexer.encoder import Encoder
from indexer.fitting import left_out
from indexer.retriever import lead_apart
from indexer.views import VIEWS, build_views, standardised
from knowledge_base.article import Language
from knowledge_base.published import PublishedArticle


@pytest.fixture(scope="module")
def encoder(tiny_model: Path) -> Encoder:
    return Encoder(str(tiny_model))


def _vectors(encoder: Encoder, texts: list[str]) -> np.ndarray:
    return np.concatenate(list(encoder.encode_documents(texts)))


def test_passages_are_plain_sentences_without_mark_up_or_list_numbers() -> None:
    body = "Otwórz **Moje konto** i wybierz [wypłatę](article:withdrawal-how).\n\n1. Wpisz kwotę.\n2. Potwierdź."
    assert passages(body) == ["Otwórz Moje konto i wybierz wypłatę. Wpisz kwotę. Potwierdź."]


def test_each_view_has_a_score_for_each_article(encoder: Encoder, articles: dict[str, PublishedArticle]) -> None:
    corpus = read_corpus(articles.values())
    views = build_views(corpus, _vectors(encoder, texts_of(corpus.lines)))
    questions = ["zapomnialem hasla", "where are my free spins"]
    scores = views.evidence(questions, _vectors(encoder, questions))
    assert scores.shape == (2, 3, len(VIEWS))
    best = [corpus.ids[i] for i in standardised(scores).sum(axis=2).argmax(axis=1)]
    assert best == ["account-password-reset", "bonus-free-spins"]


def test_an_exact_phrasing_scores_one_by_meaning_by_ngrams_and_by_edit_distance(
    encoder: Encoder, articles: dict[str, PublishedArticle]
) -> None:
    corpus = read_corpus(articles.values())
    views = build_views(corpus, _vectors(encoder, texts_of(corpus.lines)))
    scores = views.evidence(["reset hasła"], _vectors(encoder, ["reset hasła"]))[0]
    right = corpus.ids.index("account-password-reset")
    for view in ("phrasing", "ngram_phrasing", "fuzzy"):
        assert scores[right, VIEWS.index(view)] == pytest.approx(1, abs=1e-5)


def test_diacritics_change_no_lexical_view(encoder: Encoder, articles: dict[str, PublishedArticle]) -> None:
    corpus = read_corpus(articles.values())
    views = build_views(corpus, _vectors(encoder, texts_of(corpus.lines)))
    vector = _vectors(encoder, ["x"])
    with_them, without = (views.evidence([q], vector)[0] for q in ("hasło", "haslo"))
    for view in ("ngram_article", "ngram_phrasing", "fuzzy"):
        assert with_them[:, VIEWS.index(view)].tolist() == without[:, VIEWS.index(view)].tolist()


def test_an_article_alone_is_found_too(encoder: Encoder, articles: dict[str, PublishedArticle]) -> None:
    corpus = read_corpus([articles["bonus-free-spins"]])
    views = build_views(corpus, _vectors(encoder, texts_of(corpus.lines)))
    assert views.evidence(["spiny"], _vectors(encoder, ["spiny"])).shape == (1, 1, len(VIEWS))


def test_a_left_out_phrasing_does_not_find_itself(encoder: Encoder, articles: dict[str, PublishedArticle]) -> None:
    corpus = read_corpus(articles.values())
    positions, scores = left_out(corpus, _vectors(encoder, texts_of(corpus.lines)), seed=1)
    assert positions == corpus.of_kind(Kind.PHRASING)
    assert scores[:, :, VIEWS.index("fuzzy")].max() < 1


def test_the_explaining_line_is_in_the_players_language(
    encoder: Encoder, articles: dict[str, PublishedArticle]
) -> None:
    corpus = read_corpus(articles.values())
    views = build_views(corpus, _vectors(encoder, texts_of(corpus.lines)))
    article = corpus.ids.index("bonus-free-spins")
    vector = encoder.encode_query("where are my free spins")
    assert views.best_line(vector, article, Language.EN) == "where are my free spins"
    polish = articles["bonus-free-spins"].texts[Language.PL]
    assert views.best_line(vector, article, Language.PL) in {polish.title, *polish.phrasings}


def test_the_words_of_two_questions_lead_apart_and_those_of_one_do_not(
    encoder: Encoder, articles: dict[str, PublishedArticle]
) -> None:
    corpus = read_corpus(articles.values())
    views = build_views(corpus, _vectors(encoder, texts_of(corpus.lines)))
    spins, other = "gdzie są moje darmowe spiny", next(a for a in corpus.ids if a != "bonus-free-spins")
    another = articles[other].texts[Language.PL].phrasings[0]
    assert corpus.ids[views.led_to(spins)] == "bonus-free-spins"
    assert lead_apart(views, spins, another, corpus.ids)
    assert not lead_apart(views, spins, another, ["bonus-free-spins"])
    assert not lead_apart(views, spins, spins, corpus.ids)

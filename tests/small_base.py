"""A knowledge base of three articles, as published values and as files."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

from knowledge_base.article import Language, RiskClass
from knowledge_base.published import PublishedArticle, PublishedText
from knowledge_base.reading import SHIPPED

TOPICS = {
    "withdrawal-time": (
        ("Ile trwa wypłata", "Pieniądze wychodzą tego samego dnia. Bank księguje je zwykle nazajutrz."),
        ("kiedy przyjdą pieniądze", "ile czekam na przelew z kasyna", "hajs nadal nie dotarł", "czas wypłaty na kartę"),
        ("How long a withdrawal takes", "The money leaves on the same day. Banks usually book it the day after."),
        ("when will my money arrive", "how long for a payout", "cash still not here", "payout time to card"),
    ),
    "account-password-reset": (
        ("Nie pamiętam hasła", "Wybierz nowe hasło linkiem z wiadomości. Link wysyłamy na adres konta."),
        ("zapomniałem hasła", "jak odzyskać dostęp bez hasła", "reset hasła", "nie wiem jakie mam hasło"),
        ("Forgotten password", "Choose a new one by the link we send you. It goes to your account's address."),
        ("forgot my password", "reset password", "how do I get a new password", "no idea what my login secret was"),
    ),
    "bonus-free-spins": (
        ("Gdzie są darmowe spiny", "Darmowe spiny czekają w zakładce bonusów. Działają w wybranych grach."),
        ("gdzie moje spiny", "darmowe spiny jakie gry", "nie widzę spinów", "jak uruchomić free spiny"),
        ("Where free spins are", "Free spins wait in the bonus tab. They work in selected games."),
        ("where are my free spins", "which games for free spins", "cannot see my spins", "how to start free spins"),
    ),
}


def small_articles() -> dict[str, PublishedArticle]:
    """The three articles, ready to be indexed."""
    return {
        topic: PublishedArticle(
            topic, "any", RiskClass.AUTO, (),
            {Language.PL: _text(*pl, pl_phrasings), Language.EN: _text(*en, en_phrasings)},
        )
        for topic, (pl, pl_phrasings, en, en_phrasings) in TOPICS.items()
    }  # fmt: skip


def write_small_base(folder: Path) -> Path:
    """The same as files, with a few screening examples and reviewed phrases."""
    for topic, (pl, pl_phrasings, en, en_phrasings) in TOPICS.items():
        for language, (title, body), phrasings in (("pl", pl, pl_phrasings), ("en", en, en_phrasings)):
            path = folder / "articles" / "any" / f"{topic}.{language}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            listed = "\n".join(f"  - {p}" for p in phrasings)
            path.write_text(
                f"---\nid: {topic}\nlang: {language}\ntitle: {title}\ncategory: any\nrisk: auto\nowner: support\n"
                f"reviewed: 2026-11-01\nreview_by: 2099-01-01\nrelated: []\nphrasings:\n{listed}\n---\n{body}\n",
                encoding="utf-8",
            )
    shutil.copy(SHIPPED / "facts.yaml", folder)  # the bot's own replies quote help lines and addresses
    (folder / "labelled").mkdir()
    (folder / "screening").mkdir()
    labels = ["crisis", "fraud", "minor", "complaint", "human", "account_specific", "ordinary", "lookalike", "negative"]
    words = "abcdef"
    rows = [{"q": f"{label} {word}", "lang": "en", "label": label, "kind": "k"} for label in labels for word in words]
    rows += [{"q": f"hello {word}", "lang": "en", "label": "smalltalk", "kind": "greeting"} for word in words]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "screening" / "examples.jsonl").write_text(lines + "\n", encoding="utf-8")
    (folder / "screening" / "phrases.yaml").write_text(
        '- {phrase: "nie chc* zyc", lang: pl, level: life, reason: "Says so outright; „bez ogródek”."}\n'
        '- {phrase: "gambled away", lang: en, level: harm, reason: "Tells of losses."}\n',
        encoding="utf-8",
    )
    return folder


def _text(title: str, body: str, phrasings: tuple[str, ...]) -> PublishedText:
    return PublishedText(title, body, phrasings, date(2026, 11, 1), date(2099, 1, 1))

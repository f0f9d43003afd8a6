"""An article that is taken away while a question about it is thought about is neither quoted nor drafted."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from tests.fakes import ARTICLES, DECISIONS, FakeBot, fake_engine
from tests.serving import Consultant, Player, eventually, messages, quick_settings, serving

GONE = {article_id: article for article_id, article in ARTICLES.items() if article_id != "withdrawal-time"}
AFTER = {text: decision for text, decision in DECISIONS.items() if "withdrawal-time" not in decision.articles}


def test_an_answer_that_was_overtaken_is_thought_about_anew(tmp_path: Path) -> None:
    before, after = FakeBot(), FakeBot(decisions=AFTER, articles=GONE, proposals=[])
    app = create_app(fake_engine(before), quick_settings(tmp_path))
    before.before_reply = lambda: setattr(app.state, "engine", fake_engine(after))
    with TestClient(app) as client:
        answer = client.post("/api/v1/answers", json={"text": "kiedy przyjdą pieniądze"}).json()
    assert (answer["action"], answer["articles"]) == ("escalate", [])
    assert len(after.asked) == 1


def test_an_answer_whose_articles_are_all_still_there_stays(tmp_path: Path) -> None:
    before, after = FakeBot(), FakeBot()
    app = create_app(fake_engine(before), quick_settings(tmp_path))
    before.before_reply = lambda: setattr(app.state, "engine", fake_engine(after))
    with TestClient(app) as client:
        answer = client.post("/api/v1/answers", json={"text": "kiedy przyjdą pieniądze"}).json()
    assert answer["articles"] == ["withdrawal-time"]
    assert after.asked == []


def test_neither_a_chats_reply_nor_a_draft_quotes_it(tmp_path: Path) -> None:
    before, after = FakeBot(), FakeBot(decisions=AFTER, articles=GONE, proposals=[])
    engine = fake_engine(before)
    with serving(quick_settings(tmp_path, demo=True), engine) as address:
        anna = Consultant(address, "Anna")
        waiting = Player(address)
        waiting.say("kiedy przyjdą pieniądze")
        waiting.until_said("bot")
        waiting.http.post("/conversations/current/person")
        conversation = waiting.state()["conversation"]["id"]
        assert anna.do(conversation, "take").status_code == 200
        eventually(lambda: anna.get(f"conversations/{conversation}/suggestions")["is_ready"])
        assert anna.get(f"conversations/{conversation}/suggestions")["suggestions"]
        before.before_reply = lambda: setattr(engine, "bot", after)
        player = Player(address)
        player.say("kiedy przyjdą pieniądze")
        said = messages(player.until_said("bot"), "bot")
        assert said[0]["sources"] == []
        assert anna.get(f"conversations/{conversation}/suggestions")["suggestions"] == []

"""How long publishing takes, what keeping the fit costs, and what players notice of it.

    python -m benchmarks.publish seconds [--articles 1000]     one changed article after another, from start to live
    python -m benchmarks.publish agreement                     quick builds held against full ones, shipped articles
    python -m benchmarks.publish load [--publishes 20]         50 requests a second while an article comes and goes

The knowledge base and its index are kept in `--folder`; making the first index of 1,000 articles takes some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.app import create_app
from api.content.assembling import contents_of
from api.content.values import ArticleContent, Key, Origin, article_key
from api.engine import open_engine
from api.publishing.building import named
from api.publishing.values import Job, JobState
from api.settings import Settings
from api.staff.values import Role, Staff
from benchmarks.many_articles import write_many
from knowledge_base.article import Language

EDITOR = ("editor@bursztyn.example", "Olek", Role.MANAGER, "a long enough password 4 all")


def main() -> None:
    """The command that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("seconds", "agreement", "load"))
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--publishes", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=Path(".krupier/benchmarks"))
    parser.add_argument("--model", default="krupier-mini")
    options = parser.parse_args()
    if options.what == "agreement":
        from benchmarks.agreement import compare

        compare(options.folder, options.model)
        return
    found = asyncio.run(_with_service(options))
    print(json.dumps(found, indent=2))


async def _with_service(options: argparse.Namespace) -> dict[str, Any]:
    home = options.folder / f"{options.articles}-{options.model}"
    base = write_many(options.folder / str(options.articles), options.articles)
    for old in home.glob("*.sqlite3*"):
        old.unlink()
    settings = Settings(data=home, knowledge_base=base, model=options.model, refit_after_seconds=0)
    app = create_app(open_engine(settings, print), settings)
    async with app.router.lifespan_context(app):
        by = await app.state.staff.add(*EDITOR)
        await app.state.publishing.builder.do("warm", named(await app.state.content.published()))
        if options.what == "load":
            from benchmarks.publish_load import under_load

            return await under_load(app, by, options.publishes)
        return await _seconds(app, by, options.publishes)


async def _seconds(app: Any, by: Staff, publishes: int) -> dict[str, Any]:
    taken, jobs = [], []
    for number in range(publishes):
        started = time.perf_counter()
        jobs.append(await publish_phrasing(app, by, "account-2fa", f"zgubiony klucz numer {number} do konta"))
        taken.append(time.perf_counter() - started)
        print(f"{number}: {taken[-1]:.2f} s, {jobs[-1].state.value} {jobs[-1].error or ''}", flush=True)
    reports = [job.report for job in jobs if job.report]
    stages = {stage: round(statistics.median(r.seconds[stage] for r in reports), 2) for stage in reports[0].seconds}
    return {
        "articles": len(app.state.engine.bot.articles),
        "publishes": publishes,
        "live": sum(job.state is JobState.LIVE for job in jobs),
        "seconds_median": round(statistics.median(taken), 2),
        "seconds_longest": round(max(taken), 2),
        "of_which_in_the_builder": stages,
    }


async def publish_phrasing(app: Any, by: Staff, article_id: str, phrasing: str) -> Job:
    """One more phrasing, kept as a version and published."""
    live = await app.state.content.published()
    content = contents_of(live.knowledge_base)[article_key(article_id)]
    assert isinstance(content, ArticleContent)
    polish = content.texts[Language.PL]
    more = replace(polish, phrasings=(*polish.phrasings, phrasing))
    return await publish_content(
        app, by, article_key(article_id), replace(content, texts={**content.texts, Language.PL: more})
    )


async def publish_content(app: Any, by: Staff, key: Key, content: ArticleContent) -> Job:
    """A new version of an article, published."""
    heads = {head.key: head.head for head in await app.state.content.heads()}
    version = await app.state.content.save(key, content, heads.get(key, 0), by, Origin.EDITOR, "")
    job = await app.state.publishing.start(await app.state.content.candidate([(key, version.number)]), by)
    finished: Job = await app.state.publishing.finished(job.id)
    return finished


if __name__ == "__main__":
    main()

"""The page that `make evals` leaves behind: one file, which needs nothing from anywhere."""

import base64
import hashlib
from itertools import groupby
from pathlib import Path
from typing import Final

from evals.play import Control, Played, Run
from evals.report.conversation import conversation, requests, verdict
from evals.report.markup import Html, join, tag

HERE: Final = Path(__file__).parent
NAME: Final = "index.html"


def write_page(played: Played, folder: Path) -> Path:
    """Writes the page into a folder, which is made where it is missing; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(page(played), encoding="utf-8")
    return path


def page(played: Played) -> str:
    """The whole page."""
    style = (HERE / "style.css").read_text(encoding="utf-8")
    script = (HERE / "filter.js").read_text(encoding="utf-8")
    # What others wrote stands in the transcripts: nothing but our own style and script may act here.
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    head = [
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("title", "Evaluations of pai-dsw-mcp"),
        Html(f"<style>{style}</style>"),
    ]
    families = [_family(name, list(runs)) for name, runs in groupby(played.runs, key=lambda run: run.scenario.family)]
    body = [
        _top(played),
        _tools(played),
        tag("main", *families, _controls(played.controls), tag("p", "No scenario fits.", id="nothing", hidden="")),
        Html(f"<script>{script}</script>"),
    ]
    return f'<!doctype html>\n<html lang="en"><head>{join(head)}</head><body>{join(body)}</body></html>\n'


def _hash(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _top(played: Played) -> Html:
    runs = played.runs
    good, caught = sum(run.verdict.passed for run in runs), sum(control.caught for control in played.controls)
    ids = {run.scenario.id for run in runs}
    seconds = sum(each.seconds for each in [*runs, *played.controls])
    writes = sum(len(run.records.writes()) for run in runs)
    figures = [
        (f"{len(ids)}", "scenarios", f"{len({r.scenario.id for r in runs if r.scenario.language == 'zh'})} in Chinese"),
        (f"{good}/{len(runs)}", "runs passed", "each in both eras of the protocol"),
        (f"{caught}/{len(played.controls)}", "broken servers caught", "each by the rule that is meant to"),
        (f"{sum(run.verdict.questions for run in runs)}", "questions to the person", f"{writes} changes were sent"),
        (f"{seconds:.1f} s", "for all of it", "on a clock that is passed in"),
    ]
    rows = [
        tag("div", tag("dt", name), tag("dd", tag("b", value), tag("small", more))) for value, name, more in figures
    ]
    state = "good" if played.passed else "bad"
    words = "Everything came out as it should." if played.passed else "Not everything came out as it should."
    return tag(
        "header",
        tag("h1", "Evaluations"),
        tag("p", words, class_=f"state {state}"),
        tag("dl", *rows),
    )


def _tools(played: Played) -> Html:
    families = dict.fromkeys(run.scenario.family for run in played.runs)
    chips = [
        tag("button", name.replace("_", " "), type="button", data_family=name, aria_pressed="false")
        for name in families
    ]
    search = Html('<input id="search" type="search" placeholder="Search scenarios" aria-label="Search scenarios">')
    failed = tag("button", "not passed", type="button", id="failed", aria_pressed="false")
    return tag("nav", search, tag("div", *chips, failed, class_="chips"), aria_label="Filter")


def _family(name: str, runs: list[Run]) -> Html:
    scenarios = [_scenario(list(group)) for _, group in groupby(runs, key=lambda run: run.scenario.id)]
    heading = tag("h2", name.replace("_", " "), " ", tag("small", str(len(scenarios))))
    return tag("section", heading, *scenarios, class_="family", data_family=name)


def _scenario(runs: list[Run]) -> Html:
    scenario = runs[0].scenario
    passed = all(run.verdict.passed for run in runs)
    mark = "ok" if passed else "bad"
    facts = [scenario.language, scenario.client.kind, scenario.assistant.character, *scenario.acceptance]
    badges = [tag("span", fact, class_=f"badge {fact}") for fact in facts]
    title = tag(
        "summary",
        tag("i", class_=f"dot {mark}", role="img", aria_label="passed" if passed else "not passed"),
        tag("span", tag("b", scenario.id), tag("span", scenario.shows, lang=scenario.language), class_="what"),
        tag("span", *badges, class_="badges"),
    )
    group = f"era-{scenario.id}"
    tabs = [_tab(group, position, run) for position, run in enumerate(runs)]
    panels = tag("div", *(_panel(run) for run in runs), class_="panels")
    return tag(
        "details",
        title,
        tag("div", *tabs, panels, class_="eras"),
        class_="scenario",
        id=scenario.id,
        data_words=f"{scenario.id} {scenario.shows} {' '.join(facts)}".lower(),
        data_passed=str(passed).lower(),
    )


def _tab(group: str, position: int, run: Run) -> Html:
    era, key = run.records.era, f"{group}-{run.records.era}"
    chosen = ' checked=""' if position == 0 else ""
    state = "" if run.verdict.passed else ": not passed"
    return join(
        [
            Html(f'<input type="radio" name="{group}" id="{key}"{chosen}>'),
            tag("label", f"{era}{state}", for_=key),
        ]
    )


def _panel(run: Run) -> Html:
    verdict_ = run.verdict
    counts = (
        f"{verdict_.tool_calls} calls · {verdict_.questions} questions · {len(run.records.requests)} requests,"
        f" of these {len(run.records.writes())} writes · {run.seconds * 1000:.0f} ms"
    )
    return tag(
        "div",
        tag("div", tag("h3", "What was said"), conversation(run), class_="said"),
        tag(
            "div",
            tag("h3", "Verdict"),
            verdict(run),
            tag("h3", "What the cloud was sent"),
            requests(run),
            tag("p", counts, class_="none"),
            class_="judged",
        ),
        class_="panel",
    )


def _controls(controls: list[Control]) -> Html | None:
    if not controls:
        return None
    rows = [
        tag(
            "li",
            tag(
                "i",
                class_=f"dot {'ok' if each.caught else 'bad'}",
                role="img",
                aria_label="caught" if each.caught else "not caught",
            ),
            tag("span", tag("b", each.broken.name), tag("span", f"in {each.broken.scenario}"), class_="what"),
            tag("span", tag("span", each.broken.caught_by.replace("_", " "), class_="badge"), class_="badges"),
        )
        for each in controls
    ]
    about = tag(
        "p", "Each of these servers does one thing wrong. A rule that never fails would prove nothing.", class_="none"
    )
    heading = tag("h2", "broken servers ", tag("small", str(len(controls))))
    return tag("section", heading, about, tag("ul", *rows, class_="controls"), class_="family", id="broken")

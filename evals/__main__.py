"""`python -m evals run | serve | grade | schema`."""

import argparse
import json
import sys
from pathlib import Path

import anyio

from evals import loading
from evals.evidence import EvidenceError, read_evidence
from evals.loading import ScenarioError
from evals.scenario import Scenario
from evals.verdict import judge


def main() -> int:
    """The exit code: 0 when everything passed, 1 when not, 2 when the command was not understood."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Scenarios for assistants that run notebooks.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="play scenarios in this process, and broken servers that must be caught")
    run.add_argument("scenario", nargs="*", help="ids; all when none is given")
    run.add_argument("--json", type=Path, help="file for records and verdicts")
    run.add_argument("--page", type=Path, help="folder for the report: one HTML file")
    run.add_argument("--link", choices=("memory", "stdio", "http"), default="memory", help="client to server")
    run.add_argument(
        "--result", choices=("both", "text", "structured"), default="both", help="what the server's answers hold"
    )
    run.add_argument("--without-broken", action="store_true", help="leave the broken servers out")
    serving = verbs.add_parser("serve", help="a scenario's server on stdio; records are written when stdin ends")
    serving.add_argument("scenario")
    serving.add_argument("--record", type=Path, required=True, help="file for the records")
    grade = verbs.add_parser("grade", help="the verdict on records that serve has written, as JSON")
    grade.add_argument("record", type=Path)
    grade.add_argument("--said", default="", help="what the assistant told the person")
    verbs.add_parser("schema", help="write scenario.schema.json")
    given = parser.parse_args()
    try:
        return _carry_out(given)
    except (EvidenceError, ScenarioError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _carry_out(given: argparse.Namespace) -> int:
    match given.verb:
        case "run":
            return _run(given)
        case "serve":
            return _serve(loading.scenario(given.scenario), given.record)
        case "grade":
            return _grade(given.record, given.said)
        case _:
            loading.SCHEMA.write_text(loading.schema(), encoding="utf-8")
            return 0


def _run(given: argparse.Namespace) -> int:
    chosen = [loading.scenario(each) for each in given.scenario] or list(loading.scenarios())
    # A verdict should not wait for all that a run needs: server, client and broken servers take a second to load.
    from evals.play import play  # noqa: PLC0415
    from evals.report.page import write_page  # noqa: PLC0415
    from evals.table import show  # noqa: PLC0415

    is_whole = not (given.without_broken or given.scenario)
    played = play(chosen, broken=is_whole, link=given.link, arm=given.result)
    show(played)
    if given.page is not None:
        sys.stdout.write(f"The report: {write_page(played, given.page)}\n")
    if given.json is not None:
        kept = [{"verdict": each.verdict.model_dump(), "records": each.records.model_dump()} for each in played.runs]
        given.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if played.passed else 1


def _serve(scenario: Scenario, record: Path) -> int:
    from evals.serving import serve  # noqa: PLC0415  # as above

    anyio.run(serve, scenario, record)
    return 0


def _grade(path: Path, said: str) -> int:
    records = read_evidence(path)
    records.add_words(said)
    verdict = judge(loading.scenario(records.scenario), records, replayed=False)
    sys.stdout.write(verdict.model_dump_json(indent=2) + "\n")
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.conformance`: the protocol's own suites against this server; exit code 1 when one fails.

Both are fetched once with npm into build/conformance (Node.js comes with the checks' tools); that needs a network.
The conformance suite judges what the server answers. What it can only judge with tools of its own, which no real server
has, is named check by check in expected-*.yml; an entry that passes after all fails the run, so the lists cannot grow
old. The Inspector lints the schemas of all tools in both eras.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.support.node import NODE_HOME

SUITE: Final = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
INSPECTOR: Final = "@modelcontextprotocol/inspector@2.12.0"
ERAS: Final = ("legacy", "modern")
SKILLS: Final = ("sep-2640-skills-enumeration", "sep-2640-skills-manifest", "sep-2640-skills-directory")
REVISIONS: Final = ("2025-11-25", "2026-07-28")

_HERE: Final = Path(__file__).parent
_FOLDER: Final = _HERE.parents[1] / "build" / "conformance"
_MODULES: Final = _FOLDER / "node_modules/@modelcontextprotocol"
_PROGRAM: Final = _MODULES / "conformance/dist/index.js"
_LINTER: Final = _MODULES / "inspector/clients/launcher/build/index.js"


def _fetch() -> None:
    if not (_PROGRAM.exists() and _LINTER.exists()):
        _FOLDER.mkdir(parents=True, exist_ok=True)
        npm = NODE_HOME / "lib/node_modules/npm/bin/npm-cli.js"
        options = ("--prefix", str(_FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
        subprocess.run([NODE_HOME / "bin/node", npm, "install", *options, SUITE, INSPECTOR], check=True)


def _suite(url: str, *arguments: str) -> bool:
    """Whether the suite passes; it tells itself what it found."""
    command = [str(NODE_HOME / "bin/node"), str(_PROGRAM), "server", "--url", url, *arguments]
    ran = subprocess.run(command, cwd=_FOLDER, capture_output=True, text=True, check=False)
    told = [line for line in ran.stdout.splitlines() if line.startswith(("Passed:", "Total:", "Baseline"))]
    failed = [ran.stdout, ran.stderr] if ran.returncode else []
    sys.stdout.write("\n".join([" ".join(arguments), *told, *failed, ""]))
    return ran.returncode == 0


def _schemas(era: str) -> bool:
    """Whether the schemas of all tools are ones that every client can read."""
    server = (str(Path(sys.executable).with_name("pai-dsw-mcp")), "--emulator", "--toolsets", "all")
    asked = ("--method", "tools/list", "--strict", "--protocol-era", era)
    with TemporaryDirectory() as folder:
        path = f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ['PATH']}"
        ran = subprocess.run(
            [NODE_HOME / "bin/node", _LINTER, "--cli", *server, *asked],
            env={**os.environ, "PATH": path, "MCP_CATALOG_PATH": f"{folder}/catalog"},
            capture_output=True,
            text=True,
            check=False,
        )
    told = ran.stderr if ran.returncode else ran.stderr.strip().rpartition("\n")[2]
    sys.stdout.write(f"Inspector, {era}: {told}\n")
    return ran.returncode == 0


def main() -> int:
    """Runs the scenarios of the skills extension, what each revision of the protocol requires, and the Inspector."""
    _fetch()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.http_server"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            passed = [_suite(url, "--scenario", name, "--spec-version", REVISIONS[-1], "--force") for name in SKILLS]
            for revision in REVISIONS:
                expected = str(_HERE / f"expected-{revision}.yml")
                passed.append(_suite(url, "--requirements", revision, "--expected-failures", expected))
        finally:
            server.terminate()
    passed += [_schemas(era) for era in ERAS]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What every file of the project keeps to."""

import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
LONGEST = 300


def files(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if name.endswith(endings) and (ROOT / name).is_file()]


def test_a_python_file_has_fewer_than_300_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files(".py")}
    assert {name: lines for name, lines in lengths.items() if lines >= LONGEST} == {}


def test_no_init_file_holds_code() -> None:
    holding = [path for path in files("__init__.py") if path.read_text("utf-8").strip()]
    assert holding == []


def test_no_imports_form_a_cycle() -> None:
    # Imports for types and imports inside functions count as well.
    graph = grimp.build_graph("pai_dsw_mcp", "pai_emulator", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    # Raises CycleError, which names the modules of a cycle.
    TopologicalSorter(imports).prepare()

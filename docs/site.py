"""Gathers the pages of the site in build/pages, under their paths in the repository: links between them lead there."""

import re
import shutil
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
GATHERED: Final = ROOT / "build" / "pages"
PAGES: Final = ("*.md", "docs/*.md", "docs/*.png", "evals/*.md", "evals/live/*.md", "references/*.md", "server/**/*.md")
_OTHER_LANGUAGE: Final = re.compile(r"^\[(?:中文|English)\]\([^)]+\)\n", re.MULTILINE)
"""The line that leads to the other language: the site has a switch for it."""
_HEADING: Final = re.compile(r"^##+ .+$", re.MULTILINE)


def gather() -> None:
    """Makes the folder anew."""
    shutil.rmtree(GATHERED, ignore_errors=True)
    for path in (path for pattern in PAGES for path in ROOT.glob(pattern)):
        # The theme knows the language by this name.
        gathered = GATHERED / str(path.relative_to(ROOT)).replace(".zh-CN.", ".zh.")
        gathered.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            gathered.write_text(_text(path), "utf-8")
        else:
            shutil.copy(path, gathered)


def _text(path: Path) -> str:
    text = _OTHER_LANGUAGE.sub("", path.read_text("utf-8"), count=1)
    if not path.name.endswith(".zh-CN.md"):
        return text
    # Pages without a translation lead to sections by their English names, on the Chinese site as well.
    english = iter(_HEADING.findall(path.with_name(path.name.replace(".zh-CN", "")).read_text("utf-8")))
    text = _HEADING.sub(lambda found: f'<a id="{_anchor(next(english))}"></a>\n\n{found[0]}', text)
    return re.sub(r"\.zh-CN\.md(?=[)#])", ".zh.md", text)


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")


if __name__ == "__main__":
    gather()

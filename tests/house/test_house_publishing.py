"""What registries and clients read is what pyproject.toml and the server say."""

import json
import re
from typing import Final

import pytest

from hatch_build import Description
from pai_dsw_mcp.settings import read_settings
from tests.house.publishing import PROJECT, ROOT, SETTINGS, as_text, bundle, files, proof, registry_name, variable
from tests.skill.pages import SKILL, readmes

OWNED: Final = {**PROJECT, "urls": {"Repository": "https://github.com/somebody/some-name"}}


@pytest.mark.parametrize("name", files())
def test_a_generated_file_is_current(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == as_text(files()[name]), "after a wanted change: make docs"


def test_every_file_tells_the_version_of_the_project() -> None:
    told = "".join(map(as_text, (*files().values(), bundle())))
    assert set(re.findall(r'"version": "([^"]+)"', told)) == {PROJECT["version"]}


def test_the_readme_proves_the_name_in_the_registry() -> None:
    for page in readmes():
        assert page.text.count(proof()) == page.text.count("mcp-name") == 1
    assert files()["server.json"]["name"] in proof()


def test_the_registry_takes_the_name_and_the_description() -> None:
    for project in (PROJECT, OWNED):
        assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", registry_name(project))
    assert len(PROJECT["description"]) <= 100


def test_the_address_of_the_repository_is_told_everywhere_once_it_is_known() -> None:
    assert registry_name(OWNED) == "io.github.somebody/pai-dsw-mcp"
    told = [json.dumps(files(OWNED)[name]) for name in ("server.json", "plugin.json", ".claude-plugin/plugin.json")]
    assert [text for text in (*told, json.dumps(bundle(OWNED))) if OWNED["urls"]["Repository"] not in text] == []


def test_links_of_the_description_lead_to_the_repository_once_its_address_is_known() -> None:
    told, unknown = dict(OWNED), dict(PROJECT)
    for metadata in (told, unknown):
        Description(str(ROOT), {}).update(metadata)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert unknown["readme"]["text"] == readme
    tag, description = f"v{PROJECT['version']}", told["readme"]["text"]
    root = OWNED["urls"]["Repository"]
    assert f"]({root}/raw/{tag}/docs/approval-page.png)" in description
    assert f"[中文]({root}/blob/{tag}/README.zh-CN.md)" in description
    assert re.findall(r"\]\((?!https://|#)", description) == []
    assert re.sub(rf"{root}/(raw|blob)/{tag}/", "", description) == readme


def test_settings_that_nobody_touched_change_nothing() -> None:
    untouched = {variable(name): str(setting["default"]).lower() for name, setting in SETTINGS.items()}
    home = {"HOME": "/home/somebody"}
    assert read_settings([], {**home, **untouched}) == read_settings([], home)


def test_nobody_is_sent_to_an_index_for_more_packages() -> None:
    """Until there is a release, somebody else may take the name there."""
    read = (*ROOT.glob("docs/*.md"), *ROOT.glob("server/**/*.py"))
    assert [path for path in read if f"{PROJECT['name']}[" in path.read_text("utf-8")] == []


def test_clients_find_the_skill_where_they_look() -> None:
    """Also in the archive of the sources, where links are copies."""
    folder = ROOT / "skills" / PROJECT["name"]
    found = {path.relative_to(folder): path.read_bytes() for path in (folder / "references").iterdir()}
    assert found == {path.relative_to(ROOT): path.read_bytes() for path in (ROOT / "references").iterdir()}
    assert (folder / "SKILL.md").read_bytes() == SKILL.read_bytes()

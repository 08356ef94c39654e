"""The locks are complete: nothing that anything asks for is left to whoever installs, on whatever day."""

from __future__ import annotations

import json
import re
from importlib.metadata import version

import pytest
from packaging.markers import default_environment

from tests.install.locks import REQUIREMENTS, ROOT, Pin, asked_by_project, machines, pins, unmet

LOCKS = {"run": (), "test": ("test",)}
INTEROP = ROOT / "tests" / "interop"


def lock(name: str) -> list[Pin]:
    return pins((REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_every_row_is_one_version_with_digests(name: str):
    rows = lock(name)
    assert len(rows) > 30
    assert all(row.version and row.digests for row in rows)


@pytest.mark.parametrize("name", LOCKS)
def test_all_that_is_asked_for_is_pinned_on_every_machine(name: str):
    for machine in machines():
        assert not unmet(lock(name), asked_by_project(*LOCKS[name]), machine), machine


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_without_any_one_of_its_rows_is_not_complete(name: str):
    here, rows, asked = default_environment(), lock(name), asked_by_project(*LOCKS[name])
    for row in (row for row in rows if row.applies(here)):
        rest = [other for other in rows if other is not row]
        assert row.name in {name for name, _ in unmet(rest, asked, here)}, f"nobody asks for {row.name}"


def test_a_version_that_does_not_suit_is_not_enough():
    here = default_environment()
    older = pins(re.sub(r"^pydantic==\S+", "pydantic==2.0", (REQUIREMENTS / "run.txt").read_text(), flags=re.MULTILINE))
    assert ("pydantic", "2.0") in unmet(older, asked_by_project(), here)


def test_an_extra_of_a_package_is_followed():
    """What `pip check` does not look at: a package in the lock asks for pydantic[email], which asks for one more."""
    rest = [row for row in lock("test") if row.name != "email-validator"]
    assert unmet(rest, asked_by_project("test"), default_environment()) == {("email-validator", None)}


def test_both_locks_agree_and_what_is_installed_is_what_they_say():
    test = {row.asked.name: row.version for row in lock("test") if row.applies(default_environment())}
    run = {row.asked.name: row.version for row in lock("run") if row.applies(default_environment())}
    assert run.items() <= test.items()
    assert {name: version(name) for name in test} == test


NODE_LOCKS = sorted(path.parent.name for path in INTEROP.glob("*/package-lock.json"))


def test_every_folder_of_node_modules_has_its_lock():
    assert NODE_LOCKS == sorted(path.parent.name for path in INTEROP.glob("*/package.json")) == ["node", "openapi", "pages"]


@pytest.mark.parametrize("folder", NODE_LOCKS)
def test_a_lock_of_node_modules_is_exact_and_names_no_address(folder: str):
    text = (INTEROP / folder / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    asked = json.loads((INTEROP / folder / "package.json").read_bytes())["dependencies"]
    assert packages[""]["dependencies"] == asked and "://" not in text
    installed = {path: package for path, package in packages.items() if path}
    for path, package in installed.items():
        assert package["integrity"].startswith("sha512-") and "resolved" not in package, path
        for name in package.get("dependencies", {}):
            assert any(f"{place}node_modules/{name}" in installed for place in places(path)), f"{path} asks for {name}"
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked


def places(path: str) -> list[str]:
    """Where Node looks for what a module asks for: in its own folder, and in each above."""
    parts = path.split("node_modules/")
    return ["", *("node_modules/".join(parts[:end]).rstrip("/") + "/" for end in range(2, len(parts) + 1))]


def test_the_program_of_sigstore_stays_light():
    packages = json.loads((INTEROP / "node/package-lock.json").read_bytes())["packages"]
    assert {"node_modules/@sigstore/verify", "node_modules/@sigstore/core"} <= packages.keys() and len(packages) < 10


def test_the_lock_of_go_modules_has_a_digest_for_each():
    asked = re.findall(r"^\t(\S+ v\S+)", (INTEROP / "go/go.mod").read_text(), re.MULTILINE)
    digests = re.findall(r"^(\S+ v\S+) h1:", (INTEROP / "go/go.sum").read_text(), re.MULTILINE)
    assert len(asked) > 10 and set(asked) <= set(digests)

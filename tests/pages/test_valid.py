"""Every page as the Nu HTML Checker reads it: HTML, SVG and ARIA without an error. Its warnings are advice and are not counted."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from api.verifier.onefile import page
from tests.api.asking import Client
from tests.interop.programs import vnu
from tests.pages.addresses import LANGUAGES, PAGES, path_of, with_query
from tests.pages.town import Town

pytestmark = pytest.mark.strangers
TIMEOUT_S = 120


def errors(*places: Path) -> list[str]:
    """What is wrong with files, or with all in a folder."""
    words = [*vnu(), "--errors-only", "--also-check-svg", "--format", "json", *map(str, places)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    found = json.loads(ended.stderr)["messages"]
    assert bool(found) == bool(ended.returncode), ended.stderr[:2000]
    return [f"{Path(one['url']).name}:{one.get('lastLine')}: {one['message']}" for one in found]


def test_no_page_has_an_error(client: Client, town: Town, tmp_path: Path):
    for name in PAGES:
        for language in LANGUAGES:
            for at_size in ((), (town.tree_size,)) if language == "en" else ((),):
                query = {"lang": language, **({"at_size": at_size[0]} if at_size else {})}
                answer = client.get(with_query(path_of(town, name), **query))
                assert answer.headers["content-type"].startswith("text/html"), name
                (tmp_path / f"{name}-{language}{'-pinned' if at_size else ''}.html").write_text(answer.text)
    (tmp_path / "verify.html").write_text(page())
    (tmp_path / "badge.svg").write_text(client.get("/badge/school.svg").text)
    found = errors(tmp_path)
    assert found == [], "\n".join(found[:12])


def test_an_error_is_found(client: Client, tmp_path: Path):
    text = client.get("/", accept_language="en").text
    (tmp_path / "page.html").write_text(text.replace("<main ", '<main role="table" aria-nothing="x" ', 1).replace("</h1>", "", 1))
    assert len(errors(tmp_path / "page.html")) > 1

"""Latest audit: what its report says of this log and of no other, never in an answer that is kept for ever."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import html5lib
import pytest

from api.app import create_app
from api.http.last_audit import REPORT_BYTES, Found, Report
from api.http.settings import REPORT, Settings, settings_of
from ledger.errors import UsageError
from ledger.log.merkle import leaf_hash
from tests.api.asking import BROWSER, Client, client_of
from tests.api.story import Told
from tests.cli.transcript import run_program
from tests.writer.on_disk import OnDisk, a_gift

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/report.schema.json").read_text(encoding="utf-8"))
WHERE = "secret-place"


def audit(directory: Path) -> dict[str, Any]:
    """The report of an audit."""
    ended = run_program(["verify", str(directory), "--trust", str(directory / "trust.policy"), "--format", "json"])
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def made(told: Told, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(tmp_path_factory.mktemp("state")))
        return audit(told.directory)


@pytest.fixture
def report(tmp_path: Path, made: dict[str, Any]) -> Callable[..., Path]:
    """Writes the report of the story's audit, with other members."""

    def write(**other: Any) -> Path:
        path = tmp_path / WHERE
        path.write_text(json.dumps({**made, **other}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def reports(asks, report: Callable[..., Path]) -> Iterator[tuple[Client, Callable[..., Path]]]:
    """A server with a report, and what replaces the report."""
    yield asks(Settings(report=str(report()))), report


def told_of(client: Client) -> dict[str, Any]:
    return client.json("/v1/findings")["audit"]


def log_page(client: Client, language: str = "en", more: str = "") -> str:
    text = client.get(f"/log?lang={language}{more}", accept=BROWSER).text
    html5lib.HTMLParser(strict=True).parse(text)
    return html.unescape(text)


def test_without_a_report_it_says_that_none_was_named(client: Client):
    said = told_of(client)
    assert (said["state"], said["report"]) == ("none-named", None) and "has not given an audit report" in said["says"]
    assert "No audit report is published here" in log_page(client)


def test_what_the_report_says_is_told(reports: tuple[Client, Any], made: dict[str, Any], told: Told):
    said = told_of(reports[0])
    counts = Counter((one["id"], one["class"]) for one in made["findings"])
    assert said["state"] == "told" and counts
    assert {(one["id"], one["kind"]): one["count"] for one in said["report"]["findings"]} == counts
    assert all(one["means"] for one in said["report"]["findings"])
    for name in ("tree_size", "root", "verdict", "areas", "not_checked", "left_out"):
        assert said["report"][name] == made[name], name
    assert said["report"]["later_entries"] == 0 and made["tree_size"] == told.tree_size
    assert said["report"]["time"] == reports[0].json(f"/v1/entries/{told.tree_size - 1}")["time"]
    assert WHERE not in json.dumps(said) and str(told.directory) not in json.dumps(said)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_the_log_says_it_in_words(reports: tuple[Client, Any], made: dict[str, Any], language: str):
    text = log_page(reports[0], language)
    words = {"en": [": verified", "No entries have been added since", "for people to judge"]}
    words["zh"] = ["验证通过", "此后没有新增记录", "须人工判断"]
    for word in (*words[language], "<code>overdue-receipt</code>", *made["not_checked"]):
        assert word in text, word


def test_entries_that_came_since_are_counted(town: OnDisk, tmp_path: Path):
    town.sequencer.submit([a_gift(town)])
    path = tmp_path / WHERE
    path.write_text(json.dumps(audit(town.directory)))
    last_audit = town.sequencer.tree_size
    town.sequencer.submit([a_gift(town, 2), a_gift(town, 3)])
    with closing(client_of(town.directory, Settings(report=str(path)))) as client:
        said = told_of(client)["report"]
        assert (said["tree_size"], said["later_entries"]) == (last_audit, 2)
        assert "2 entries have been added since. The audit does not cover them" in log_page(client)


def test_it_is_in_no_answer_that_is_kept_for_ever(reports: tuple[Client, Callable[..., Path]], client: Client, told: Told):
    """Nor in the page of a named size: whatever the report is, these are the same."""
    asked, write = reports
    pinned = f"/v1/findings?at_size={told.tree_size}"
    seen = asked.get(pinned)
    assert "immutable" in seen.headers["cache-control"] and seen.json()["audit"]["state"] == "left-out"
    assert "immutable" not in asked.get("/v1/findings").headers["cache-control"]
    page = asked.get(f"/log?at_size={told.tree_size}").text
    assert "Latest audit" not in page
    write(verdict="failed")
    for other in (asked, client):
        again = other.get(pinned)
        assert (again.content, again.headers["etag"]) == (seen.content, seen.headers["etag"])
        assert other.get(f"/log?at_size={told.tree_size}").text == page


def test_a_report_that_replaces_another_is_told_at_once(reports: tuple[Client, Callable[..., Path]]):
    asked, write = reports
    before = {path: asked.get(path).headers["etag"] for path in ("/v1/findings", "/log")}
    found = {"id": "of-later", "class": "broken", "entry": -1, "record": -1, "message": "x"}
    write(verdict="failed", exit_code=3, findings=[found, found], left_out={"fee": 7}, not_checked=["<script>alert(1)</script>"])
    for path, tag in before.items():
        assert asked.get(path, if_none_match=tag).status_code == 200
    said = told_of(asked)["report"]
    assert said["verdict"] == "failed" and said["left_out"] == {"fee": 7}
    assert said["findings"] == [{"id": "of-later", "kind": "broken", "means": "", "count": 2, "cases": 2, "amounts": []}]
    raw = asked.get("/log", accept=BROWSER).text
    assert ": failed." in raw and "<script>" not in raw and "The report counts 7 more findings of these kinds." in raw


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"origin": "other.example/books"}, "is about the log 'other.example/books'"), ({"origin": ""}, "is about the log ''"),
    ({"root": "00" * 32}, "says that the root"), ({"root": ""}, "says that the root"), ({"root": leaf_hash(b"").hex()}, "the root"),
    ({"tree_size": 325}, "324 are signed here"), ({"tree_size": 2**80}, "324 are signed"), ({"tree_size": 0}, "is of 0 entries"),
    ({"tree_size": 323}, "says that the root of 323"), ({"tree_size": -1}, "is not an audit report: tree_size"),
    ({"verdict": "good"}, "verdict"),
    ({"gift": {"ref": "6.0", "sentence": "", "totals": {}}}, "trace bundle"), ({"more": 1}, "is not an audit report: more"),
    ({"tree_size": "324"}, "is not an audit report: tree_size"),
    ({"findings": [{"id": "x"}]}, "is not an audit report: findings.0"),
    ({"findings": None}, "is not an audit report: findings"),
    ({"not_checked": [1]}, "is not an audit report: not_checked.0"), ({"target": "x" * REPORT_BYTES}, "is larger than"),
]  # fmt: skip


@pytest.mark.parametrize(("other", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_report_that_is_not_of_this_log_is_refused_at_the_start(told: Told, report: Callable[..., Path], other: Any, says: str):
    path = report(**other)
    with pytest.raises(UsageError, match=says) as refused:
        create_app(told.directory, Settings(report=str(path)))
    assert (refused.value.rule, refused.value.where) == ("report", REPORT) and str(path)[:40] in refused.value.message


@pytest.mark.parametrize(("other", "says"), WRONG, ids=[says for _, says in WRONG])
def test_and_told_as_such_when_it_comes_later(reports: tuple[Client, Callable[..., Path]], other: Any, says: str):
    asked, write = reports
    assert told_of(asked)["state"] == "told"
    write(**other)
    said = told_of(asked)
    assert (said["state"], said["report"]) == ("unusable", None) and says in said["says"] and WHERE not in said["says"]
    assert "it cannot be shown" in log_page(asked) and "Result of an audit" not in log_page(asked)
    write()
    assert told_of(asked)["state"] == "told", "and again when the true one is back"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_report(reports: tuple[Client, Callable[..., Path]], told: Told, raw: bytes):
    asked, write = reports
    path = write()
    path.write_bytes(raw)
    assert told_of(asked)["state"] == "unusable"
    with pytest.raises(UsageError, match="is not an audit report"):
        create_app(told.directory, Settings(report=str(path)))
    path.unlink()
    assert "cannot be read" in told_of(asked)["says"]
    ended = run_program(["serve", "--ledger", str(told.directory), "--report", str(path), "--json"])
    assert ended.exit_code == 2 and json.loads(ended.stdout)["error"] == "report"


def test_other_forms_have_the_items_alone(reports: tuple[Client, Any], client: Client):
    for form in ("csv", "ndjson"):
        assert reports[0].get(f"/v1/findings?format={form}").content == client.get(f"/v1/findings?format={form}").content


def test_the_form_that_is_read_is_the_one_of_the_reference():
    names = {field.alias or name for name, field in Report.model_fields.items()}
    assert names == set(SCHEMA["properties"])
    assert set(SCHEMA["required"]) <= {field.alias or name for name, field in Report.model_fields.items() if field.is_required()}
    assert {field.alias or name for name, field in Found.model_fields.items()} == set(SCHEMA["$defs"]["finding"]["properties"])


def test_the_environment_names_it():
    assert settings_of({REPORT: "x.json"}).report == "x.json" and settings_of({}).report == ""


def test_a_finding_with_a_count_is_told_with_its_cases_and_their_amounts(reports: tuple[Client, Callable[..., Path]]):
    asked, write = reports
    one = {"id": "overdrawn-on-day", "class": "audit", "entry": -1, "record": -1, "message": "x", "unit": "CNY"}
    write(findings=[{**one, "cases": 3, "amount": 500}, {**one, "cases": 4, "amount": 250, "message": "y"}])
    (said,) = told_of(asked)["report"]["findings"]
    assert (said["count"], said["cases"], said["amounts"]) == (2, 7, [{"minor": 750, "unit": "CNY", "exponent": 2}])
    page = asked.get("/log", accept=BROWSER).text
    assert "7.50" in page and "overdrawn-on-day" in page

"""Whole lists, read by the programs that people read them with: DuckDB, Polars, pyarrow."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest

from api.v1 import list_request as asking
from tests.api.addresses import addresses
from tests.api.asking import Client
from tests.api.story import Told

TABLES = ("csv", "ndjson", "parquet")
READERS = {
    "polars-csv": ("csv", polars.read_csv), "polars-csv-lazy": ("csv", lambda path: polars.scan_csv(path).collect()),
    "polars-ndjson": ("ndjson", polars.read_ndjson),
    "polars-ndjson-lazy": ("ndjson", lambda path: polars.scan_ndjson(path).collect()),
    "polars-parquet": ("parquet", polars.read_parquet),
    **{f"duckdb-{form}": (form, lambda path: duckdb.sql(f"from '{path}'").pl()) for form in TABLES},
}  # fmt: skip


@pytest.fixture(scope="module")
def lists(client: Client, told: Told, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """By its path: each list in every form of tables as a file, and its items as JSON."""
    found = {}
    for path, said in client.app.openapi()["paths"].items():
        if "text/csv" not in str(said["get"]["responses"]["200"]):
            continue
        address = addresses(told)[path][0]
        mark = "&" if "?" in address else "?"
        place = tmp_path_factory.mktemp("list")
        found[path] = {"items": client.items(f"{address}{mark}limit=500")}
        for form in TABLES:
            answer = client.get(f"{address}{mark}format={form}")
            assert answer.status_code == 200, answer.text
            (place / f"list.{form}").write_bytes(answer.content)
            found[path][form] = place / f"list.{form}"
    assert len(found) > 15
    return found


def names(column: list[str]) -> list[str]:
    return [f"#{name}" for name in column]


@pytest.mark.parametrize("reader", READERS)
def test_every_list_opens_and_every_reference_is_the_one_that_it_was(lists: dict[str, dict[str, Any]], reader: str):
    form, read = READERS[reader]
    for path, made in lists.items():
        if not made["items"] and form == "ndjson":
            continue
        table = read(made[form])
        assert table.height == len(made["items"]), path
        for name in ("ref", "of"):
            if made["items"] and name in made["items"][0]:
                assert table[name].to_list() == names([item[name] for item in made["items"]]), path
        if made["items"] and "amount" in made["items"][0]:
            assert table["amount_minor"].to_list() == [item["amount"]["minor"] for item in made["items"]], path
            minor = [round(Decimal(str(row["amount"])) * 10 ** row["amount_exponent"]) for row in table.to_dicts()]
            assert minor == table["amount_minor"].to_list(), path


def test_every_reader_has_the_same_rows(lists: dict[str, dict[str, Any]]):
    """But for the apostrophe of CSV, and for what is nothing in one form and an empty text in another."""
    for path, made in lists.items():
        sheet = list(csv.DictReader(io.StringIO(made["csv"].read_bytes().decode("utf-8-sig"), newline="")))
        lines = [json.loads(line) for line in made["ndjson"].read_text().splitlines()]
        rows = polars.read_parquet(made["parquet"]).to_dicts()
        assert len(sheet) == len(lines) == len(rows) == len(made["items"]), path
        for cells, line, row in zip(sheet, lines, rows, strict=True):
            assert list(cells) == list(line) == list(row), path
            for name, value in row.items():
                assert plain(line[name], value) == value or (value is None and line[name] == ""), (path, name)
                said = str(line[name]).lower() if isinstance(value, bool) else str(line[name])
                assert cells[name].removeprefix("'") == said, (path, name)


def plain(text: Any, value: Any) -> Any:
    """What NDJSON has, as the type that Parquet has."""
    read = {Decimal: Decimal, datetime: datetime.fromisoformat, date: date.fromisoformat}.get(type(value))
    return read(text) if read and text else text


def test_days_moments_and_decimals_of_parquet_are_such(lists: dict[str, dict[str, Any]]):
    table = polars.read_parquet(lists["/v1/donations"]["parquet"])
    assert table.schema["received_on"] == polars.Date and table.schema["time"] == polars.Datetime("us", "UTC")
    assert table.schema["amount"] == polars.Decimal(38, 9) and table["amount"][0] == Decimal("50")
    sql = f"select sum(amount), min(received_on), max(received_on - date '2026-09-01') from '{lists['/v1/donations']['parquet']}'"
    (total, first, _), = duckdb.sql(sql).fetchall()
    assert total == table["amount"].sum() and first == date(2026, 9, 7)


def test_references_that_differ_in_a_nought_stay_apart(tmp_path: Path):
    """What happened before there was a mark: `52.1` and `52.10` became one number, and their sums one row."""
    from api.v1.lines import Lines
    from api.v1.money import Answer
    from api.v1.sheet import Sheet
    from api.v1.text_types import RefSaid

    class Row(Answer):
        ref: RefSaid
        of: RefSaid | None
        several: list[RefSaid]

    rows = [Row(ref=f"{entry}.{number}", of=None, several=["1.10"]) for entry in range(300) for number in (1, 10)]
    rows.append(Row(ref="300.0", of="7.10", several=[]))
    for form, writer in (("csv", Sheet(Row)), ("ndjson", Lines(Row))):
        path = tmp_path / f"rows.{form}"
        path.write_bytes(writer.begin() + writer.items(rows) + writer.end())
        assert duckdb.sql(f"select count(distinct ref) from '{path}'").fetchall() == [(601,)]
        table = (polars.read_csv if form == "csv" else polars.read_ndjson)(path)
        assert table["ref"].n_unique() == 601 and table["of"][-1] == "#7.10" and table["several"][0] == '["#1.10"]'


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("path", ["/v1/donations", "/v1/entries", "/v1/parties", "/v1/statistics/given?by=month", "/v1/findings"])
def test_a_list_streams_whole_and_is_read_part_by_part(client: Client, monkeypatch: pytest.MonkeyPatch, path: str, form: str):
    """With parts of two rows it is the same list, and no part is larger than was said."""
    mark = "&" if "?" in path else "?"
    whole = client.get(f"{path}{mark}format={form}&at_size=100")
    monkeypatch.setattr(asking, "PART_ROWS", 2)
    parts = client.get(f"{path}{mark}format={form}&at_size=100")
    items = client.items(f"{path}{mark}at_size=100")
    assert len(items) > 2 and "next" not in parts.links
    if form == "parquet":
        assert polars.read_parquet(io.BytesIO(parts.content)).equals(polars.read_parquet(io.BytesIO(whole.content)))
        assert polars.read_parquet(io.BytesIO(parts.content)).height == len(items)
    else:
        assert parts.content == whole.content and parts.content.count(b"\n") == len(items) + (form == "csv")
    assert parts.headers["content-disposition"].startswith('attachment; filename="')
    assert parts.headers["etag"] == whole.headers["etag"]
    known = client.get(f"{path}{mark}format={form}&at_size=100", if_none_match=parts.headers["etag"])
    assert known.status_code == 304
    head = client.ask("HEAD", f"{path}{mark}format={form}&at_size=100")
    assert head.status_code == 200 and head.content == b"" and head.headers["etag"] == parts.headers["etag"]


def test_a_page_is_still_to_be_had(client: Client):
    page = client.get("/v1/donations?format=ndjson&limit=2")
    assert page.text.count("\n") == 2
    rest = client.get(page.links["next"]["url"])
    assert rest.text.count("\n") == 2
    after = client.get(f"{page.links['next']['url'].replace('limit=2&', '')}")
    assert page.text + after.text == client.get("/v1/donations?format=ndjson").text, "from a cursor on, all that follows"


def test_what_a_download_shows_is_accepted(client: Client, lists: dict[str, dict[str, Any]]):
    for row in polars.read_csv(lists["/v1/payments"]["csv"]).to_dicts():
        shown = row["ref"].replace("#", "%23")
        assert client.json(f"/v1/payments/{shown}")["ref"] == row["ref"][1:]
        assert client.get(f"/find?ref={shown}").headers["location"] == f"/payment/{row['ref'][1:]}"


def test_parquet_is_offered_only_where_it_is(client: Client, monkeypatch: pytest.MonkeyPatch):
    import sys

    assert "format=parquet" in client.get("/data").text
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "format=parquet" not in client.get("/data?lang=en").text
    answer = client.get("/v1/parties", accept="application/vnd.apache.parquet, text/csv;q=0.5")
    assert answer.headers["content-type"].startswith("text/csv")

"""Errors: RFC 9457 for everything, with the ids of the ledger's rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.http.glossary import WORDS
from api.http.learn_meanings import glossary_of, meanings_of, module_of, words_of
from api.http.meanings import MEANINGS
from ledger.complaint import UNKNOWN_FORM
from ledger.errors import FormatError, GiveTrailError, StorageError, Unverifiable
from tests.api.asking import Client

ROOT = Path(__file__).parents[2]
MEMBERS = {"type", "title", "status", "detail", "instance", "rule", "where"}
WRONG = [
    ("/nothing", 404, "path", ""),
    ("/v1", 404, "path", ""),
    ("/v1/", 404, "path", ""),
    ("/docs", 404, "path", ""),
    ("/redoc", 404, "path", ""),
    ("/openapi.json", 404, "path", ""),
    ("/v1/ledger/", 404, "path", ""),
    ("/v1/ledger%0a", 404, "path", ""),
    ("/v1/problems/nothing", 404, "path", "nothing"),
    ("/v1/parties/nobody", 404, "reference", "nobody"),
    ("/v1/parties/NOBODY", 422, "parameter", "id"),
    ("/v1/projects/hope", 404, "reference", "hope"),
    ("/v1/projects/nothing/feed.atom", 404, "reference", "nothing"),
    ("/v1/funds/nothing", 404, "reference", "nothing"),
    ("/v1/donations/0.0", 404, "reference", "0.0"),
    ("/v1/donations/0.9", 404, "reference", "0.9"),
    ("/v1/donations/99999.0", 404, "entry", "99999"),
    ("/v1/donations/1", 422, "parameter", "ref"),
    ("/v1/donations/01.0", 422, "parameter", "ref"),
    ("/v1/donations/1.0000", 422, "parameter", "ref"),
    ("/v1/donations/-1.0", 422, "parameter", "ref"),
    ("/v1/donations/0.0/trace", 404, "reference", ""),
    ("/v1/donations/0.0/bundle", 404, "reference", ""),
    ("/v1/payments/6.0", 404, "reference", "6.0"),
    ("/v1/receipts/6.0", 404, "reference", "6.0"),
    ("/v1/records/6.0/origins", 404, "reference", ""),
    ("/v1/entries/99999", 404, "entry", "99999"),
    ("/v1/entries/99999/raw", 404, "entry", "99999"),
    ("/v1/entries/99999/inclusion", 404, "inclusion", ""),
    ("/v1/entries/-1", 422, "parameter", "index"),
    ("/v1/entries/x", 422, "parameter", "index"),
    ("/v1/entries/9007199254740992", 422, "parameter", "index"),
    ("/v1/consistency", 422, "parameter", "old_size"),
    ("/v1/consistency?old_size=99999", 404, "consistency", ""),
    ("/v1/ledger?at_size=0", 422, "parameter", "at_size"),
    ("/v1/ledger?at_size=99999", 404, "tree-size", "at_size"),
    ("/v1/ledger?at_size=9007199254740992", 422, "parameter", "at_size"),
    ("/v1/ledger?at_sise=3", 422, "parameter", "at_sise"),
    ("/v1/ledger?at_size=3&at_size=4", 422, "parameter", "at_size"),
    ("/v1/ledger?limit=3", 422, "parameter", "limit"),
    ("/v1/parties?limit=0", 422, "parameter", "limit"),
    ("/v1/parties?limit=501", 422, "parameter", "limit"),
    ("/v1/parties?limit=x", 422, "parameter", "limit"),
    ("/v1/parties?role=king", 422, "parameter", "role"),
    ("/v1/parties?format=xml", 422, "parameter", "format"),
    ("/v1/donations?cursor=x", 422, "parameter", "cursor"),
    ("/v1/donations?cursor=1.0.0", 422, "parameter", "cursor"),
    ("/v1/donations?about=x", 422, "parameter", "about"),
    ("/v1/donations?order=middle", 422, "parameter", "order"),
    ("/v1/entries?cursor=x", 422, "parameter", "cursor"),
    ("/v1/statistics/given?cursor=-1", 422, "parameter", "cursor"),
    ("/v1/statistics/given?by=age", 422, "parameter", "by"),
    ("/v1/findings?as_of=2026-02-30", 422, "parameter", "as_of"),
    ("/v1/findings?as_of=yesterday", 422, "parameter", "as_of"),
    ("/v1/records/8.0/origins?cursor=5", 422, "parameter", "cursor"),
    ("/v1/parties?" + "cursor=" + "x" * 201, 422, "parameter", "cursor"),
]


def check(response, status: int, rule: str) -> dict:
    """A problem of this status and rule; its members."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), response.text
    problem = response.json()
    assert set(problem) == MEMBERS and (problem["status"], problem["rule"]) == (status, rule), problem
    assert problem["type"] == f"/v1/problems/{rule}" and problem["title"] == MEANINGS[rule][0]
    assert problem["detail"] and response.headers["cache-control"] == "no-store"
    return problem


@pytest.mark.parametrize(("address", "status", "rule", "where"), WRONG)
def test_what_is_wrong_is_named(client: Client, address: str, status: int, rule: str, where: str):
    problem = check(client.get(address), status, rule)
    assert not where or problem["where"] == where
    assert problem["instance"] == address.replace("%0a", "\n")
    assert not re.search(r"\^|\(\?|should|pydantic|" + UNKNOWN_FORM, problem["detail"]), "in words, without a pattern"


def test_a_type_leads_to_what_it_means(client: Client):
    for address in ("/nothing", "/v1/ledger?at_size=99999"):
        problem = client.get(address).json()
        meaning = client.json(problem["type"])
        assert (meaning["rule"], meaning["means"]) == (problem["rule"], problem["title"]) and meaning["do"]


def test_a_form_that_is_not_there(client: Client):
    check(client.get("/v1/parties", accept="text/html"), 406, "not-acceptable")
    assert client.get("/v1/ledger", accept="text/html").status_code == 200, "what has one form is given in it"


def test_parquet_without_its_library(client: Client, monkeypatch: pytest.MonkeyPatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    problem = check(client.get("/v1/parties?format=parquet"), 406, "not-acceptable")
    assert "givetrail[parquet]" in problem["detail"] and problem["where"] == "format"


@pytest.mark.parametrize(
    "error",
    [
        StorageError("/secret/ledger.sqlite is malformed", rule="database", where="/secret/ledger.sqlite"),
        FormatError("/secret/tile/0/000: holds fewer", rule="tile"),
        Unverifiable("/secret/checkpoint: is missing", rule="missing"),
    ],
)
def test_faults_of_the_servers_files_are_for_the_operator(asks, monkeypatch, caplog, error: GiveTrailError):
    """Who asks is told that it is not the request, and no path."""
    asked = asks()

    def broken(*args):
        raise error

    monkeypatch.setattr(asked.app.state.window.reader, "ask", broken)
    response = asked.get("/v1/ledger")
    check(response, 503, error.rule)
    assert "secret" not in response.text and response.headers["retry-after"] == "1"
    assert "/secret/" in caplog.text


def test_a_fault_of_the_program_says_nothing_of_itself(asks, monkeypatch):
    asked = asks(hides_errors=True)
    monkeypatch.setattr(asked.app.state.window.signed_head, "head", lambda: 1 / 0)
    for address in ("/checkpoint", "/v1/ledger", "/tile/0/000"):
        response = asked.get(address)
        check(response, 500, "internal")
        assert "division" not in response.text


def test_the_meanings_are_those_of_the_reference():
    reference = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    remedy = "run `make generate`"
    assert meanings_of(reference) == MEANINGS, remedy
    assert (ROOT / "api/http/meanings.py").read_text(encoding="utf-8") == module_of(MEANINGS), remedy


def test_the_words_are_those_of_the_glossary():
    glossary = (ROOT / "docs/reference/glossary.md").read_text(encoding="utf-8")
    assert words_of(glossary) == WORDS, "run `make generate`"
    assert (ROOT / "api/http/glossary.py").read_text(encoding="utf-8") == glossary_of(WORDS), "run `make generate`"

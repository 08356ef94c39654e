"""The OpenAPI document: it is the one that is committed, and says what is so."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from api.http.document import document_of, text_of
from tests.api.asking import Client

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "reference" / "openapi.json"
REMEDY = "run `make generate`"


def operations(client: Client) -> list[tuple[str, dict]]:
    return [(path, said["get"]) for path, said in document_of(client.app)["paths"].items()]


def test_the_document_is_the_one_that_is_committed(client: Client):
    assert COMMITTED.read_text(encoding="utf-8") == text_of(document_of(client.app)), REMEDY


def test_the_server_gives_it(client: Client):
    response = client.get("/v1/openapi.json")
    assert response.json() == json.loads(COMMITTED.read_text(encoding="utf-8")), REMEDY
    assert response.json()["openapi"].startswith("3.1.")


def test_every_error_is_a_problem(client: Client):
    """FastAPI's own form of an error is nowhere."""
    assert "HTTPValidationError" not in json.dumps(document_of(client.app))
    for path, said in operations(client):
        for status, response in said["responses"].items():
            if status == "default" or int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (path, status)
        assert "default" in said["responses"], path


def test_every_operation_is_described(client: Client):
    for path, said in operations(client):
        assert said["description"] and said["tags"], path
        for parameter in said.get("parameters", ()):
            assert parameter.get("description") or parameter["schema"].get("description"), (path, parameter["name"])


def test_no_two_operations_have_one_name(client: Client):
    names = [said["operationId"] for _, said in operations(client)]
    assert len(set(names)) == len(names)


def test_every_path_stands_in_the_reference(client: Client):
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    for path, _ in operations(client):
        last = path.removeprefix("/v1/").split("/")[0] if path.startswith("/v1/") else path.split("{")[0]
        assert last in page, path


@pytest.mark.parametrize("package", ["api/*.py", "api/http/*.py", "api/v1/*.py"])
def test_the_api_has_no_rules_of_its_own(package: str):
    """It reads what the view and the fold say; it writes nothing, and applies nothing."""
    forbidden = {
        "ledger.writer.sequencer.Sequencer", "ledger.directory.opening.open_writer", "ledger.books.fold.apply",
        "ledger.writer.author",
    }
    for path in ROOT.glob(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                assert not found & forbidden, (path, found & forbidden)


def test_no_page_is_loaded_from_elsewhere(client: Client):
    """FastAPI's own pages fetch scripts from a network of others; they are off."""
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404



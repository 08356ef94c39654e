"""Which form is answered: `format=`, else what `Accept` prefers."""

from __future__ import annotations

import pytest

from api.http.problem import RequestRefused
from api.v1.form import Form, form_of
from tests.api.asking import BROWSER

ALL = tuple(Form)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", Form.JSON), ("*/*", Form.JSON), (BROWSER, Form.JSON), ("application/json", Form.JSON), ("application/*", Form.JSON),
        ("text/csv", Form.CSV), ("TEXT/CSV", Form.CSV), ("text/*", Form.CSV), ("text/csv;q=0.9, application/json;q=0.5", Form.CSV),
        ("application/x-ndjson", Form.NDJSON), ("application/jsonl", Form.NDJSON), ("*/*, text/csv", Form.CSV),
        ("application/vnd.apache.parquet", Form.PARQUET), ("text/csv; header=present", Form.CSV), ("text/csv;q=2", Form.CSV),
        ("application/json;q=0, text/csv;q=0.1", Form.CSV), ("text/html, text/csv;q=0.001", Form.CSV),
    ],
)  # fmt: skip
def test_what_is_preferred(accept: str, form: Form):
    assert form_of(None, accept, ALL) is form


def test_a_parameter_outweighs_the_header():
    assert form_of(Form.CSV, "application/json", ALL) is Form.CSV


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/json;q=x", "nonsense", "image/*"])
def test_what_is_not_there_is_refused(accept: str):
    with pytest.raises(RequestRefused) as refused:
        form_of(None, accept, ALL)
    assert (refused.value.http_status, refused.value.rule) == (406, "not-acceptable")
    assert "json, ndjson, csv, parquet" in refused.value.message

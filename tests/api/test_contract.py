"""The document is true: whatever is asked, the answer has the status, the form and the schema that the document says.

Schemathesis makes the requests from the document, some of them wrong on purpose. It draws the same ones every time.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from api.app import create_api, create_app
from api.http.settings import Settings
from tests.api.story import Told

pytestmark = pytest.mark.strangers
STREAM = "/v1/checkpoints/stream"  # it has no end; test_stream.py
IDS = ["hope", "op", "shop", "school", "general", "store", "nothing"]
REFS = ["0.0", "6.0", "6.2", "7.0", "8.0", "9.0", "10.0", "12.0", "17.1", "22.0", "30.0", "9999.0"]
KNOWN = {
    "id": st.sampled_from(IDS), "ref": st.sampled_from(REFS), "index": st.sampled_from([0, 7, 323, 324]),
    "rule": st.sampled_from(["tile", "nothing"]), "level": st.sampled_from(["0", "1", "entries"]),
    "number": st.sampled_from(["000", "001.p/3", "000.p/1", "x001/000"]), "name": st.sampled_from(["1.tsr", "x"]),
}  # fmt: skip
BRIEF, LONG = 8, 100

# 414 too says that a request was wrong: schemathesis makes parameters that are longer than the server reads.
REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": ["404", "405", "406", "414", "422"]}}}

contract = schemathesis.openapi.from_dict(
    create_api().openapi(), config=SchemathesisConfig.from_dict(REFUSED)
).exclude(path=STREAM)


@contract.hook
def before_generate_path_parameters(context: Any, strategy: st.SearchStrategy) -> st.SearchStrategy:
    """Names that the story knows, half of the time."""
    return st.one_of(strategy, strategy.flatmap(_known))


@contract.hook
def filter_query(context: Any, query: Any) -> bool:
    """Skip wrong values that an address cannot carry: null and empty lists are left out on the way, so nothing wrong arrives."""
    values = getattr(query, "value", query) or {}
    return all(value is not None and value != [] and value != {} for value in values.values())


def _known(drawn: Any) -> st.SearchStrategy:
    value = getattr(drawn, "value", drawn)
    return st.fixed_dictionaries({name: KNOWN[name] for name in value}) if isinstance(value, dict) else st.just(drawn)


@pytest.fixture(scope="module")
def app(told: Told) -> FastAPI:
    """The app of the story; it may be asked as often as one likes."""
    return create_app(told.directory, Settings(requests_per_s=0))


def holds(case: Any, app: FastAPI) -> None:
    """Ask, and compare the answer with the document, by every check that there is."""
    case.call_and_validate(app=app)


@contract.parametrize()
@settings(max_examples=BRIEF, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says(case: Any, app: FastAPI):
    holds(case, app)


@pytest.mark.long
@contract.parametrize()
@settings(max_examples=LONG, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says_at_length(case: Any, app: FastAPI):
    holds(case, app)

"""What a page shows and a download has is understood where a reference or an id is asked for."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.api.asking import Client
from tests.api.story import Told


@pytest.mark.parametrize("form", ["#{}", "gift {}", " {}.", "捐款 {}"])
def test_a_record_is_named_as_people_paste_it(client: Client, told: Told, form: str):
    ref = told.refs["paid"]
    pasted = quote(form.format(ref), safe="")
    assert client.json(f"/v1/payments/{pasted}")["ref"] == ref
    assert client.json(f"/v1/receipts?about={pasted}")["items"] == client.json(f"/v1/receipts?about={ref}")["items"] != []


def test_a_page_s_address_says_what_records_are_about(client: Client, told: Told):
    ref = told.refs["paid"]
    address = quote(f"https://ledger.example/payment/{ref}?lang=zh", safe="")
    assert client.json(f"/v1/receipts?about={address}")["items"] == client.json(f"/v1/receipts?about={ref}")["items"]


@pytest.mark.parametrize("path", ["/v1/records/{}", "/v1/records?about={}", "/v1/donations/{}/trace"])
@pytest.mark.parametrize(
    ("typed", "says"), [("x", "give two numbers"), ("7", "such as 7.0"), ("08.0", "give two numbers"), (" ", "give two")]
)
def test_what_is_not_a_record_is_refused_in_plain_words(client: Client, path: str, typed: str, says: str):
    response = client.get(path.format(quote(typed)))
    assert response.status_code == 422 and says in response.json()["detail"]
    assert not set("^[]") & set(response.json()["detail"]), "a regular expression is not for people"


def test_an_id_is_read_as_a_table_has_it(client: Client):
    assert client.json("/v1/projects/'school")["id"] == "school"
    assert client.json("/v1/funds?project='school")["items"] == client.json("/v1/funds?project=school")["items"]

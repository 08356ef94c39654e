"""A reference leads to its page, also when it was typed in a hurry."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.asking import Client, client_of
from tests.pages.town import Town
from tests.writer.on_disk import TOWN, OnDisk


@pytest.mark.parametrize(
    "form",
    ["{}", " {} ", "{}.", "{}\n", "#{}", "gift {}", "捐款 {}", "http://ledger.test/g/{}?lang=zh", "ledger.test/g/{}",
     "https://ledger.test/" + "long/" * 30 + "g/{}"],
)  # fmt: skip
def test_a_gift_is_found(client: Client, town: Town, form: str):
    ref = town.refs["gift"]
    response = client.get(f"/find?ref={quote(form.format(ref))}")
    assert response.status_code == 303 and response.headers["location"] == f"/g/{ref}"


@pytest.mark.parametrize("typed", ["８．０", "8。0", "8,0", "8 . 0"])
def test_full_width_and_slips_are_read(client: Client, typed: str):
    assert client.get(f"/find?ref={quote(typed)}").headers["location"] == "/g/8.0"


def test_other_references_lead_to_their_pages(client: Client, town: Town):
    refs = town.refs
    for ref, path in (
        (refs["paid"], f"/payment/{refs['paid']}"), (refs["handed"], f"/payment/{refs['handed']}"), ("0.0", "/record/0.0"),
        ("3", "/entry/3"),
    ):  # fmt: skip
        assert client.get(f"/find?ref={ref}").headers["location"] == path


def test_the_number_of_an_entry_leads_to_its_only_gift_and_from_there_to_the_entry(client: Client, town: Town):
    entry = town.refs["waiting"].partition(".")[0]
    assert client.get(f"/find?ref={entry}").headers["location"] == f"/g/{town.refs['waiting']}"
    assert f'href="/entry/{entry}"' in client.get(f"/g/{town.refs['waiting']}").text
    several = town.refs["gift"].partition(".")[0]
    assert client.get(f"/g/{several}.1").status_code == 200, "two gifts: the number alone names neither"
    assert client.get(f"/find?ref={several}").headers["location"] == f"/entry/{several}"


@pytest.mark.parametrize("path", ["/", "/find"])
def test_the_example_is_a_gift_of_this_ledger(client: Client, path: str):
    text = client.get(path, accept_language="en").text
    example = text.partition('for example <a href="/g/')[2].partition('"')[0]
    assert client.get(f"/g/{example}").status_code == 200 and f">{example}</a>." in text
    assert "for example <a" not in client.get("/nothing").text, "where no ledger is read, nothing is made up"


def test_a_ledger_without_gifts_has_no_example(tmp_path: Path):
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    client = client_of(ledger.directory)
    assert "placeholder" not in client.get("/").text
    client.close()
    ledger.close()


def test_the_language_and_the_tree_size_go_along(client: Client):
    response = client.get("/find?ref=8.0&lang=zh&at_size=20")
    assert response.headers["location"] == "/g/8.0?lang=zh&at_size=20"


@pytest.mark.parametrize(
    ("typed", "says"),
    [("999.0", "does not have the reference"), ("8.99", "does not have the reference"), ("999", "does not have the reference"),
     ("abc", "is not a reference"), ("08.0", "is not a reference"), ("9" * 500, "is not a reference"),
     ("４８-１", "is not a reference")],
)  # fmt: skip
def test_what_is_not_there_is_said_in_plain_words(client: Client, typed: str, says: str):
    response = client.get(f"/find?ref={quote(typed)}", accept_language="en")
    assert response.status_code == 404 and says in response.text and 'name="ref"' in response.text


def test_nothing_typed_asks_for_something(client: Client):
    assert "Enter the reference" in client.get("/find?ref=%20", accept_language="en").text


def test_a_reference_of_later_is_not_there_at_an_earlier_size(client: Client, town: Town):
    assert client.get(f"/find?ref={town.refs['waiting']}&at_size=10").status_code == 404

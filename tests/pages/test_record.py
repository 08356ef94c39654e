"""Pages for people of every kind of record, and the words that name a record wherever it is linked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from api.pages import members
from api.pages.collect import said as collected
from api.pages.frame import capital
from api.pages.locale import voice_of
from api.pages.record_names import FILLS, NAMES, Naming
from ledger.books.field import Part
from ledger.books.record import KINDS
from ledger.view.view import View
from tests.api.asking import BROWSER, Client, client_of
from tests.pages.addresses import LANGUAGES, path_of
from tests.pages.town import Town
from tests.writer.on_disk import TOWN, OnDisk

PLACE = re.compile(r"%\((\w+)\)s")
OWN_PAGES = ("donation", "payment", "delivery")


def said(client: Client, path: str, language: str = "en") -> str:
    """The words of the page, without its head and foot."""
    text = client.get(path, accept_language=language).text.partition("<main")[2].partition("</main>")[0]
    text = re.sub(r"<[^>]*>", "", text.replace("</dt>", " "))
    return re.sub(r"\s+", " ", html.unescape(text)).replace("\u00a0", " ")


def declared(part: type[Part]) -> Iterator[str]:
    """The names of the members of a record, and of its parts."""
    for name, field in part.model_fields.items():
        if name != "kind":
            yield name
        yield from (name for inner in parts_in(field.annotation) for name in declared(inner))


def parts_in(annotation: object) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [part for one in get_args(annotation) for part in parts_in(one)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_name_and_every_member_a_label(kind: str):
    """What a name asks for is filled by a function or is a member of the kind."""
    assert set(NAMES) == set(KINDS)
    members_of_kind = set(declared(KINDS[kind]))
    assert all(place in FILLS or place in members_of_kind for place in PLACE.findall(NAMES[kind]))
    texts = {str(message.id) for message in collected() if message.id}
    for name in declared(KINDS[kind]):
        form, label = members.form_of(kind, name)
        assert label in texts, f"{kind}.{name}: give it a label in api/pages/members.py"
        if form == "choice":
            assert members.choices_of(kind, name)


def test_a_member_with_few_values_has_words_for_each():
    for kind, made in KINDS.items():
        for name, field in made.model_fields.items():
            values = [one for one in get_args(field.annotation) if isinstance(one, str)]
            if name != "kind" and values:
                assert set(values) <= set(members.choices_of(kind, name)), f"{kind}.{name}"


def test_no_words_are_for_a_member_or_a_kind_that_is_not():
    known = {name for made in KINDS.values() for name in declared(made)}
    labels = [*members.FORMS, *members.CHOSEN]
    assert {label.rpartition(".")[2] for label in labels} == known
    assert {label.partition(".")[0] for label in labels if "." in label} <= set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_record_of_the_story_has_a_page_that_names_it(client: Client, town: Town, language: str):
    """Gifts, payments and deliveries have pages of their own. The raw entry is one link away."""
    seen = set()
    with View.open(town.directory) as view:
        snapshot = view.at()
        naming = Naming(voice_of(language), snapshot)
        for entry in range(snapshot.tree_size):
            for number, record in enumerate(snapshot.leaf(entry).statement.records):
                if record.kind in seen:
                    continue
                seen.add(record.kind)
                answer = client.get(f"/record/{entry}.{number}", accept_language=language)
                if record.kind in OWN_PAGES:
                    assert answer.status_code == 303
                    continue
                assert answer.status_code == 200 and str(capital(naming.record(f"{entry}.{number}"))) in answer.text
                assert f'href="/entry/{entry}#r{number}"' in answer.text
    assert {"receipt", "feedback", "progress", "income", "reversal", "refund", "allocation", "exchange", "correction"} <= seen


@pytest.mark.parametrize(("name", "words"), [
    ("receipt", ["for 6.00 CNY", "payment to", "signed by the recipient", "was paid", "officer sun of"]),
    ("feedback", ["feedback: 3 pieces", "the charity itself", "books-read", "payment to"]),
    ("return", ["return of 3.00 CNY from", "Came back on 20 October 2026"]),
    ("reversal", ["reversal of: payment to <script>alert(1)</script>", "(void)", "Entered <b>twice</b>"]),
    ("correction", ["correction of: payment to", "administration"]),
    ("income", ["income of 1.00 CNY: advance", "<script>alert(1)</script>"]),
    ("refund", ["refund of 2.00 CNY", "required by law", "47.00 – 48.00 CNY", "General & <b>bold</b>"]),
])  # fmt: skip
def test_a_page_says_what_the_record_says_in_words(client: Client, town: Town, name: str, words: list[str]):
    text = said(client, path_of(town, name))
    assert all(word.lower() in text.lower() for word in words), text


def test_a_void_record_is_struck_through_with_the_reason(client: Client, town: Town):
    text = client.get(path_of(town, "receipt-void"), accept_language="en").text
    assert re.search(r"<h1><del>Receipt of", text) and "Mistaken" in text and "#s-void" in text
    assert "<del>" not in client.get(path_of(town, "receipt"), accept_language="en").text.partition("<main")[2]


def test_a_link_names_what_it_leads_to_and_its_day(client: Client, town: Town):
    text = said(client, path_of(town, "receipt"))
    assert f", 20 October 2026 {town.refs['fought']}" in text


def test_what_was_said_of_a_record_is_on_its_page(client: Client, town: Town):
    assert "reversal of: receipt of" in said(client, path_of(town, "receipt-void"))
    assert "No later record is about it." in said(client, path_of(town, "receipt"))


def test_a_record_that_is_not_there_is_not_found(client: Client):
    assert [client.get(f"/record/{ref}").status_code for ref in ("999.0", "6.9", "x")] == [404] * 3


def test_a_name_in_a_name_in_a_name_ends(tmp_path: Path):
    """Anybody can close a finding on the closing of a finding, a thousand deep: only one of them is in the name."""
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(TOWN)
    ledger.play("op: party auditco auditor zhou")
    ledger.play("hope: donation 1.00 CNY -> general as gift")
    ledger.play("op by chief, auditco.zhou: acknowledgement of=^gift finding=overdue-feedback as a0")
    for number in range(40):
        ledger.play(f"op by chief, auditco.zhou: acknowledgement of=^a{number} finding=overdue-feedback as a{number + 1}")
    client = client_of(ledger.directory, accept=BROWSER)
    text = said(client, f"/record/{ledger.labels['a40']}")
    assert f"Closed finding about closed finding about {ledger.labels['a38']}" in text
    client.close()
    ledger.close()

"""Every figure on every page is the sum of the list that its link opens; a cent more or less anywhere is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from xml.etree.ElementTree import Element

import pytest

import api.pages.charity
import api.pages.flowing
import api.pages.gift
import api.pages.money
import api.pages.overdue
import api.pages.payment
import api.pages.totals
from ledger.demo.story import make_demo
from tests.api.asking import BROWSER, Client, client_of
from tests.pages.closing import LISTS, Pencil, figure, room_of
from tests.pages.town import Town
from tests.pages.tree import said_by, with_class
from tests.trace.telling import Step
from tests.view.telling import told
from tests.view.test_account import EVERYTHING

MOST = {"g": 12, "record": 12}
"""Of these pages, a sample."""
SORTS = {
    "figure of money", "figure of reach", "figure of overdue", "figure of a fund", "figure of goal", "figure of a project",
    "in and out", "list", "rows of a list", "line", "records of a term", "column", "shares", "flow", "budget", "goal", "overdue",
    "overdue is shown whole or says so", "gift", "sources",
}  # fmt: skip
"""What every ledger with all sorts of records has."""
SHORT = {
    (api.pages.charity, "PAYEES"): 1, (api.pages.flowing, "SHOWN"): 1, (api.pages.gift, "ROWS"): 2, (api.pages.money, "LISTED"): 2,
    (api.pages.overdue, "LISTED"): 1, (api.pages.payment, "SOURCES"): 1, (api.pages.totals, "OVERDUE_SHOWN"): 1,
}  # fmt: skip
"""Pages so short that most lists have several."""
BRIEF, LONG = (1, 2), range(3, 30)


def pencil_of(client: Client) -> Pencil:
    def get(address: str) -> str:
        answer = client.get(address, accept_language="en")
        assert answer.status_code == 200, (address, answer.text)
        return answer.text

    return Pencil(get)


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    for (module, name), length in SHORT.items():
        monkeypatch.setattr(module, name, length)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A browser at a small demonstration."""
    place = tmp_path_factory.mktemp("demonstration")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        make_demo(place / "ledger", 60)
        client = client_of(place / "ledger", accept=BROWSER)
        yield client
        client.close()


def story(seed: int) -> list[Step]:
    """Many steps, drawn."""
    chance = Random(seed)
    kinds = ["gift"] * 6 + chance.choices(EVERYTHING, k=120)
    return [(kind, *(chance.randrange(10_000) for _ in range(3))) for kind in kinds]


@pytest.mark.parametrize("name", ["client", "demonstration"])
def test_every_figure_is_the_sum_of_its_list(request: pytest.FixtureRequest, name: str):
    pencil = pencil_of(request.getfixturevalue(name))
    read = pencil.crawl(MOST)
    assert not pencil.faults
    assert {room_of(address) for address in read} >= {"", "project", "charity", "fund", "payment", "g", "record", *LISTS}
    assert set(pencil.added) >= SORTS


@pytest.mark.usefixtures("shortened")
@pytest.mark.parametrize("name", ["client", pytest.param("demonstration", marks=pytest.mark.long)])
def test_lists_on_many_pages_close_too(request: pytest.FixtureRequest, name: str):
    pencil = pencil_of(request.getfixturevalue(name))
    read = pencil.crawl(MOST)
    assert not pencil.faults
    assert {room_of(address) for address in read if "after=" in address} >= {"money", *(["overdue"] if name == "client" else [])}
    assert pencil.added["total on the next page"] > 30
    cut = [one for one in with_class(pencil.page("/"), "p", "more") if "first 1 of" in said_by(one)]
    assert len(cut) == 1


def check_random(seed: int) -> None:
    with told(story(seed)) as telling:
        client = client_of(telling.ledger.directory, accept=BROWSER)
        pencil = pencil_of(client)
        pencil.crawl(MOST)
        client.close()
    assert not pencil.faults
    assert pencil.added["line"] > 20


@pytest.mark.usefixtures("shortened")
@pytest.mark.parametrize("seed", BRIEF)
def test_every_figure_of_a_random_ledger_closes(seed: int):
    check_random(seed)


@pytest.mark.long
@pytest.mark.usefixtures("shortened")
@pytest.mark.parametrize("seed", LONG)
def test_every_figure_of_many_random_ledgers_closes(seed: int):
    check_random(seed)


def figures_of(page: Element, address: str) -> Iterator[Element]:
    """The elements of a page that say a figure which something else on the page, or a list, must come to."""
    for link in page.iter("a"):
        if room_of(link.get("href") or "/") in (*LISTS, "fund"):
            yield link
    for table in page.iter("table"):
        if table.find("tfoot") is not None:
            yield from table.iter("td")
    for flow in with_class(page, "div", "flow"):
        yield from with_class(flow, "span", "number")
    yield from with_class(page, "dd", "note")
    for fold in page.iter("details"):
        if fold.get("id") == "trace":
            yield from with_class(fold, "td", "money")
    for section in page.iter("section"):
        if section.get("aria-labelledby") == "overdue":
            yield from with_class(section, "td", "money")
        if section.get("aria-labelledby") == "money" and room_of(address) == "fund":
            yield from with_class(section, "span", "number")


def says_a_number(element: Element) -> bool:
    """Whether its own text is a figure, or how many records there are."""
    is_note = "note" in element.get("class", "")
    return bool(re.search(r"\d", element.text or "")) and (is_note or figure(said_by(element)) is not None)


def spoilt(said: str) -> str:
    """The same with the last digit of its first number changed by one."""
    return re.sub(r"\d(?![\d.,])", lambda digit: str((int(digit[0]) + 1) % 10), said, count=1)


@pytest.mark.parametrize("name", ["client", "demonstration"])
def test_one_cent_is_found(request: pytest.FixtureRequest, name: str):
    pencil = pencil_of(request.getfixturevalue(name))
    read = pencil.crawl(MOST)
    rooms: dict[str, list[str]] = {}
    for address in read:
        rooms.setdefault(room_of(address), []).append(address)
    for room, addresses in rooms.items():
        found = 0
        for address in addresses[:2]:
            for element in figures_of(pencil.page(address), address):
                if says_a_number(element):
                    assert pencil.would_find(address, element, spoilt(element.text or "")), (address, element.text)
                    found += 1
        assert found >= 2 or room in ("projects", "organisations", "record"), room


def test_what_a_page_leaves_out_is_found(client: Client, town: Town):
    pencil = pencil_of(client)
    pencil.crawl({"money": 60, **MOST})
    address = next(one for one in pencil.page("/").iter("a") if "/money/given?" in (one.get("href") or "/")).get("href") or ""
    body = next(pencil.page(address).iter("tbody"))
    row = body[-1]
    body.remove(row)
    assert pencil.faults_at(address) and pencil.faults_at("/")
    body.append(row)
    assert not pencil.faults_at(address) + pencil.faults_at("/")


@pytest.mark.parametrize(
    ("said", "amount"),
    [("1,234.50\u00a0CNY", "1234.50"), ("+ 12", "12"), ("\N{MINUS SIGN} 0.07", "-0.07"), ("-3.20", "-3.20"), ("= 5", "5")],
)
def test_a_figure_is_read_as_it_is_said(said: str, amount: str):
    assert str(figure(said)) == amount


@pytest.mark.parametrize("said", ["entry 12", "12.4%", "gift of 3.00\u00a0CNY", "", "\N{MINUS SIGN}", "2026-09", "3 of 4"])
def test_other_words_are_no_figure(said: str):
    assert figure(said) is None

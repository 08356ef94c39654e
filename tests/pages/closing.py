"""A reader with a pencil: follows every link, adds up every list, and notes each figure that its list does not come to."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

from api.pages.money import OUT
from ledger.view.movements import SPENT
from tests.pages.tree import links_of, said_by, tree_of, with_class

FIGURE = re.compile(r"([=+\N{MINUS SIGN}-])? ?(\d[\d,]*(?:\.\d+)?)(?:\u00a0[^%]+)?")
CHOSEN = re.compile(r"[?&](?:lang|at_size)=")
SHARE = re.compile(r"(\d+\.\d)%")
LISTS = ("money", "reach", "overdue", "goal")
"""The pages that are one list with its total."""
READ = ("", "projects", "organisations", "project", "charity", "fund", "payment", "g", "record", *LISTS)
"""The pages that are read, by the first part of their path."""
NO_FIGURES = ("entry", "g")
"""A number that leads there is the name of what is there."""

Get = Callable[[str], str]


class Listed(NamedTuple):
    """All rows of a list, in the order of its pages; its total, and how many rows it says that there are."""

    amounts: list[Decimal]
    total: Decimal | None
    stated: int | None


def figure(said: str) -> Decimal | None:
    """An amount, below 0 with a minus before it; None for another text."""
    found = FIGURE.fullmatch(said)
    if not found:
        return None
    amount = Decimal(found[2].replace(",", ""))
    return -amount if found[1] in ("\N{MINUS SIGN}", "-") else amount


def room_of(address: str) -> str:
    """The first part of a path; "" for the first page, and for a place on this one."""
    return urlsplit(address).path.lstrip("/").partition("/")[0]


class Pencil:
    """Reads pages by `get`, from their addresses. `faults` says what does not close, `added` how often each sort was added up."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._pages: dict[str, Element] = {}
        self._lists: dict[str, Listed] = {}
        self.faults: list[str] = []
        self.added: dict[str, int] = defaultdict(int)

    def crawl(self, most: dict[str, int]) -> list[str]:
        """Read what the first page leads to, of each sort of pages at most so many; return the addresses that were read."""
        todo, seen, read = deque(["/"]), {"/"}, defaultdict[str, list[str]](list)
        while todo:
            address = todo.popleft()
            room = room_of(address)
            if len(read[room]) == most.get(room, -1):
                continue
            read[room].append(address)
            page = self.page(address)
            self.check(address)
            for link in (one.get("href") or "" for one in page.iter("a")):
                to = link.partition("#")[0]
                if to.startswith("/") and room_of(to) in READ and not CHOSEN.search(to) and to not in seen:
                    seen.add(to)
                    todo.append(to)
        return [address for addresses in read.values() for address in addresses]

    def page(self, address: str) -> Element:
        """A page, which is fetched once."""
        address = address.partition("#")[0]
        if address not in self._pages:
            self._pages[address] = tree_of(self._get(address))
        return self._pages[address]

    def check(self, address: str) -> None:
        """Everything on a page that is a sum."""
        page, room = self.page(address), room_of(address)
        self._figures(address, page)
        if room in LISTS:
            self.listed(address)
            return
        for table in page.iter("table"):
            self._table(address, table)
        for line in with_class(page, "dl", "sum"):
            self._line(address, line)
        self._flows(address, page)
        self._overdue(address, page)
        self._budgets(address, page)
        self._goals(address, page)
        if room == "fund":
            self._in_and_out(address)
        if room == "g":
            self._gift(address, page)
        if room == "payment":
            self._sources(address, page)

    def faults_at(self, address: str) -> list[str]:
        """What does not close on one page, which is looked at again with every list that it opens."""
        before, self.faults = self.faults, []
        self._lists.clear()
        self.check(address)
        found, self.faults = self.faults, before
        return found

    def would_find(self, address: str, element: Element, said: str) -> bool:
        """Whether a fault would be noted if an element of the page said something else."""
        before, element.text = element.text, said
        found = self.faults_at(address)
        element.text = before
        return bool(found)

    def expect(self, sort: str, address: str, found: object, wanted: object) -> None:
        """Note whether two figures are equal."""
        self.added[sort] += 1
        if found != wanted:
            self.faults.append(f"{address}: {sort}: {found} is not {wanted}")

    def listed(self, address: str) -> Listed:
        """A list on all its pages. Each page says the same total, which is that of all rows."""
        if address not in self._lists:
            found = Listed([], None, None)
            for place, page in self._through(address, "next"):
                rows = [amount for row in _rows(page) if (amount := figure(said_by(row[-1]))) is not None]
                total, stated = _total(page), _stated(page)
                if place != address:
                    self.expect("total on the next page", place, (total, stated), (found.total, found.stated))
                found = Listed([*found.amounts, *rows], total, stated)
            is_part = "after" in parse_qs(urlsplit(address).query)
            if not is_part and (found.amounts or found.total is not None):
                self.expect("list", address, sum(found.amounts), found.total)
            if not is_part and found.stated is not None:
                self.expect("rows of a list", address, len(found.amounts), found.stated)
            self._lists[address] = found
        return self._lists[address]

    def _through(self, address: str, rel: str) -> Iterator[tuple[str, Element]]:
        while address:
            page = self.page(address)
            yield address, page
            address = next(iter(links_of(page, rel)), "")

    def _figures(self, address: str, page: Element) -> None:
        """Every link whose text is a figure."""
        for link in page.iter("a"):
            amount, to = figure(said_by(link)), link.get("href") or ""
            if amount is None or not to.startswith("/") or room_of(to) in NO_FIGURES:
                continue
            if room_of(to) in LISTS:
                self._opens(address, said_by(link), to, self.listed(to).amounts)
            elif room_of(to) == "project":
                totals = [said_by(foot) for one in with_class(self.page(to), "table", "shares") for foot in _foot(one)[-1:]]
                self.expect("figure of a project", address, said_by(link) in totals, True)
            elif room_of(to) == "fund":
                self.expect("figure of a fund", f"{address} > {to}: {said_by(link)}", said_by(link) in self._in_and_out(to), True)
            else:
                self.faults.append(f"{address}: {said_by(link)} opens {to}, which is no list")

    def _opens(self, address: str, said: str, to: str, amounts: list[Decimal]) -> None:
        total, term = sum(amounts), urlsplit(to).path.rpartition("/")[2]
        signed = -total if term in OUT else total
        wanted = total if term == SPENT else signed if said[0] in "+\N{MINUS SIGN}" else abs(total)
        self.expect(f"figure of {room_of(to)}", f"{address} > {to}", figure(said), wanted)

    def _table(self, address: str, table: Element) -> None:
        """A table with a total below it: each column of figures comes to it."""
        foot = _foot(table)
        if not foot:
            return
        rows = [_cells(row) for row in table.findall("tbody/tr")]
        for place, cell in enumerate(foot):
            wanted = _number(said_by(cell))
            if cell.tag == "td" and wanted is not None:
                column = [_number(said_by(row[place])) for row in rows]
                self.expect("column", f"{address}: {_caption(table)}", sum(one for one in column if one is not None), wanted)
                if SHARE.fullmatch(said_by(cell)):
                    self.expect("shares", address, wanted, Decimal("100.0"))

    def _line(self, address: str, line: Element) -> None:
        """What the terms come to is left; and each has as many records as it says."""
        *terms, left = [_first(one.iter("a")) for one in line.findall("div")]
        amounts = [figure(said_by(one)) for one in terms]
        self.expect("line", address, sum(one for one in amounts if one is not None), figure(said_by(left)))
        for div, link in zip(line.findall("div"), terms, strict=False):
            note = re.search(r"\d[\d,]*", said_by(_first(with_class(div, "dd", "note"))))
            rows = self.listed(link.get("href") or "").amounts
            stated = int(note[0].replace(",", "")) if note else 0
            self.expect("records of a term", f"{address} > {link.get('href')}", stated, len(rows))

    def _in_and_out(self, address: str) -> list[str]:
        """What came into a fund, went out and is left in each unit, below its line; they are the sums of that line."""
        said = list[str]()
        section = next(one for one in self.page(address).iter("section") if one.get("aria-labelledby") == "money")
        numbers = [said_by(one) for one in with_class(section, "span", "number")]
        for number, line in enumerate(with_class(section, "dl", "sum")):
            *amounts, left = [amount for one in line.iter("a") if (amount := figure(said_by(one))) is not None]
            came, went = (sum(sign * one for one in amounts if sign * one > 0) for sign in (1, -1))
            found = numbers[3 * number : 3 * number + 3]
            self.expect("in and out", address, [figure(one) for one in found], [came, went, left])
            said += found
        return said

    def _flows(self, address: str, page: Element) -> None:
        for flow in with_class(page, "div", "flow"):
            sides = [sum(_figures_in(with_class(side, "span", "number"))) for side in flow.findall("ul")]
            self.expect("flow", address, sides[0], sides[1])

    def _budgets(self, address: str, page: Element) -> None:
        """By class of costs and by fund the same is spent in each unit."""
        for section in page.iter("section"):
            if section.get("aria-labelledby") == "budget":
                spent = [_number(said_by(_foot(table)[-1])) for table in section.iter("table")]
                self.expect("budget", address, spent[::2], spent[1::2])

    def _goals(self, address: str, page: Element) -> None:
        """What came towards a goal is from gifts and from other funds."""
        for section in page.iter("section"):
            if section.get("aria-labelledby") == "goal":
                for said in section.findall("p"):
                    amounts = [figure(one) for one in re.findall(r"[\d,.]*\d(?=\u00a0)", said_by(said))]
                    if said.find("a") is not None and "how" not in said.get("class", ""):
                        self.expect("goal", address, amounts[0], sum(one for one in amounts[2:] if one is not None))

    def _overdue(self, address: str, page: Element) -> None:
        """What is overdue: the sums above the rows, by what is missing and in which unit."""
        for section in page.iter("section"):
            if section.get("aria-labelledby") != "overdue":
                continue
            stated, rows = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
            for link in section.iter("a"):
                if room_of(link.get("href") or "") == "overdue" and figure(said_by(link)) is not None:
                    _add(stated, said_by(link))
            for row in _rows(section):
                _add(rows, said_by(row[-1]))
            is_cut = bool(list(with_class(section, "p", "more")))
            self.expect("overdue", address, all(rows[unit] <= stated[unit] for unit in {*rows, *stated}), True)
            self.expect("overdue is shown whole or says so", address, rows == stated, not is_cut)

    def _gift(self, address: str, page: Element) -> None:
        """The parts of a gift on all pages of its table are the gift."""
        given = figure(said_by(_first(with_class(page, "span", "number"))))
        if "row=" in address:
            return
        parts = Decimal(0)
        for _, one in self._through(address, "next"):
            table = next(fold for fold in one.iter("details") if fold.get("id") == "trace")
            parts += sum(_figures_in(row[0] for row in _rows(table)))
        self.expect("gift", address, parts, given)

    def _sources(self, address: str, page: Element) -> None:
        """What brought the money of a payment, on all pages, is the payment."""
        paid = figure(said_by(_first(page.iter("h1"))).partition(" ")[0])
        if "source=" in address or paid is None:
            return
        brought = Decimal(0)
        for number, (_, one) in enumerate(self._through(address, "next")):
            section = next(section for section in one.iter("section") if section.get("aria-labelledby") == "sources")
            table = _first(section.iter("table"))
            rows = [row for row in _rows(table) if number == 0 or list(row[0].iter("a"))]
            brought += sum(_figures_in(row[-1] for row in rows))
        self.expect("sources", address, brought, paid)


def _rows(element: Element) -> list[list[Element]]:
    return [_cells(row) for body in element.iter("tbody") for row in body.findall("tr")]


def _cells(row: Element) -> list[Element]:
    """The cells of a row, one for each column that they take."""
    return [cell for cell in row for _ in range(int(cell.get("colspan") or 1))]


def _foot(table: Element) -> list[Element]:
    return [cell for row in table.findall("tfoot/tr") for cell in _cells(row)]


def _total(page: Element) -> Decimal | None:
    for table in page.iter("table"):
        for cell in _foot(table)[-1:]:
            return figure(said_by(cell))
    return None


def _stated(page: Element) -> int | None:
    """How many rows a list says that it has."""
    for one in with_class(page, "p", "total"):
        found = re.search(r"\d[\d,]*", said_by(one))
        return int(found[0].replace(",", "")) if found else None
    return None


def _number(said: str) -> Decimal | None:
    share = SHARE.fullmatch(said)
    return Decimal(share[1]) if share else figure(said)


def _figures_in(elements: Iterable[Element]) -> Iterator[Decimal]:
    return (amount for one in elements if (amount := figure(said_by(one))) is not None)


def _add(sums: dict[str, Decimal], said: str) -> None:
    sums[said.partition("\u00a0")[2]] += figure(said) or 0


def _caption(table: Element) -> str:
    return said_by(_first(table.iter("caption")))


def _first(elements: Iterable[Element]) -> Element:
    return next(iter(elements))

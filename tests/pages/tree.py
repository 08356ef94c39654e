"""A page as a tree of elements, for tests that read what stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def tree_of(page: str) -> Element:
    """The elements of a page that closes what it opens. Raises ValueError for another one."""
    return _Reader(page).root


def said_by(element: Element) -> str:
    """Its text, with one space where there are several."""
    return re.sub(r"[ \n\t]+", " ", "".join(element.itertext())).strip()


def with_class(element: Element, tag: str, *names: str) -> Iterator[Element]:
    """The elements of a tag below it that have all these classes."""
    for one in element.iter(tag):
        if set(names) <= set((one.get("class") or "").split()):
            yield one


def links_of(element: Element, rel: str) -> list[str]:
    """Where its links of a relation lead."""
    return [one.get("href") or "" for one in element.iter("a") if rel in (one.get("rel") or "").split()]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = Element("page")
        self._open = [self.root]
        self.feed(page)
        if len(self._open) > 1:
            raise ValueError(f"<{self._open[-1].tag}> is not closed")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        made = SubElement(self._open[-1], tag, {name: value or "" for name, value in attributes})
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        SubElement(self._open[-1], tag, {name: value or "" for name, value in attributes})

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag != tag:
            raise ValueError(f"</{tag}> closes <{self._open[-1].tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        within = self._open[-1]
        if len(within):
            within[-1].tail = (within[-1].tail or "") + data
        else:
            within.text = (within.text or "") + data

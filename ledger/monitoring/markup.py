"""Builds XML and HTML as trees, so that nothing foreign can become markup."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ..text import marked

Child = Element | str


def node(tag: str, *children: Child, **attributes: str) -> Element:
    """An element with these children; texts are made safe. A name of an attribute that is a word of Python ends in `_`."""
    element = Element(tag, {name.rstrip("_").replace("_", "-"): safe(value) for name, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            element.append(child)
            last = child
        elif last is None:
            element.text = (element.text or "") + safe(child)
        else:
            last.tail = (last.tail or "") + safe(child)
    return element


def safe(text: str) -> str:
    """Foreign text with every control character, invisible character and half of a surrogate pair written as an escape."""
    return "".join(char if _harmless(char) else _escaped(char) for char in marked(text, _escaped))


def _harmless(char: str) -> bool:
    return char.isprintable() or ord(char) in range(0x200C, 0x200E)  # joiners, which `marked` has judged


def _escaped(char: str) -> str:
    return ascii(char)[1:-1]

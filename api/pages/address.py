"""Addresses of pages: where the app is mounted, and what a reader has chosen, go with every link."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from ..http.public_url import Place

PARTS = ("after", "row", "source")
"""Parameters that name a part of a page."""


class Address(NamedTuple):
    """A page that was asked for. `place` is where the app is, `path` is below it; `lang`, `at_size` and `as_of` are "" where the
    address does not name them; `more` are its other parameters."""

    place: Place
    path: str
    lang: str = ""
    at_size: str = ""
    as_of: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def to(self, path: str, **more: str) -> str:
        """Another page, in the language and at the tree size that the reader has chosen. A path may end in a `#place`."""
        where, mark, place = path.partition("#")
        chosen = {"lang": self.lang, "at_size": self.at_size, "as_of": self.as_of, **more}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{self.place.root}{quote(where)}{'?' if query else ''}{query}{mark}{quote(place)}"

    def here(self, **changes: str) -> str:
        """This page, with other parameters."""
        return self.to(self.path, **{**dict(self.more), **changes})

    def canonical(self, lang: str = "") -> str:
        """The one address of what this page says now, in the language that was chosen or in another: with what says which part of
        it is shown, and without anything else that somebody put there."""
        shown = {name: value for name, value in self.more if name in PARTS}
        query = urlencode({**({"lang": lang or self.lang} if lang or self.lang else {}), **shown})
        return self.place.whole(f"{quote(self.path)}{'?' if query else ''}{query}")

    def bare(self, path: str) -> str:
        """A path of this server without what the reader has chosen: a file, or an answer of `/v1`, whose query may be in it."""
        return f"{self.place.root}{path}"

    def whole(self, path: str) -> str:
        """The same with scheme and host, where the operator named them."""
        return self.place.whole(path)

    def told(self, path: str) -> str:
        """The same in text to copy."""
        return self.place.told(path)

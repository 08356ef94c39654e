"""Addresses of pages: every link keeps the place where the app is mounted, and the reader's choices."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from ..http.public_url import PublicUrl

PARTS = ("after", "row", "source", "unit", "fund", "project", "charity", "payee", "month", "stage")
"""Parameters that select a part of a page."""


class Address(NamedTuple):
    """The page that was requested. `place` is where the app is, `path` is below it; `lang`, `at_size` and `as_of` are "" if the
    address does not name them; `more` are its other parameters."""

    place: PublicUrl
    path: str
    lang: str = ""
    at_size: str = ""
    as_of: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def to(self, path: str, **more: str) -> str:
        """The link to another page, with the language and the tree size that the reader has chosen. A path may end in a
        `#place`."""
        where, mark, place = path.partition("#")
        chosen = {"lang": self.lang, "at_size": self.at_size, "as_of": self.as_of, **more}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{self.place.root}{quote(where)}{'?' if query else ''}{query}{mark}{quote(place)}"

    def here(self, **changes: str) -> str:
        """The link to this page with other parameters."""
        return self.to(self.path, **{**dict(self.more), **changes})

    def canonical(self, lang: str = "") -> str:
        """The canonical address of what this page says now, in the chosen language or in another: with the parameters that select a
        part of it, and without any other parameter that someone added."""
        shown = {name: value for name, value in self.more if name in PARTS}
        query = urlencode({**({"lang": lang or self.lang} if lang or self.lang else {}), **shown})
        return self.place.whole(f"{quote(self.path)}{'?' if query else ''}{query}")

    def bare(self, path: str) -> str:
        """A path of this server without the reader's choices: a file, or an answer of `/v1`, whose query may be in it."""
        return f"{self.place.root}{path}"

    def whole(self, path: str) -> str:
        """The same with scheme and host, if the operator named them."""
        return self.place.whole(path)

    def told(self, path: str) -> str:
        """The same in text for copying."""
        return self.place.told(path)

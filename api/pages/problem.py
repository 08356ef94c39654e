"""An error as a page for a browser: what is missing, in the reader's language, and what to do. Every other client, and every
address that only programs use, gets a problem (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from ledger.errors import GiveTrailError

from ..http.compression import compressed
from ..http.preference import prefers_html
from ..http.problem import headers_of, problem_of
from ..http.public_url import below_root, public_url_of
from ..http.settings import URL_BYTES
from .frame import Frame, render
from .locale import DEFAULT, Voice, marked, plain, shortened
from .page_request import GUARDS, HTML, POLICY, address_of, voice_for

FOR_PROGRAMS = ("/v1", "/tile", "/checkpoint")
HEADERS = {**GUARDS, "content-type": HTML, "content-security-policy": POLICY.format(framed="'none'")}
VARY = "Accept, Accept-Encoding, Accept-Language"


class Words(NamedTuple):
    """What a page says about an error: its heading, the sentence, and what to do besides searching and going to the first page."""

    heading: str
    says: str
    do: str = ""


BEGINNINGS = {
    "g": "/find", "payment": "/find", "project": "/projects", "card": "/projects", "charity": "/projects", "entry": "/log",
}  # fmt: skip
"""Where to start if the address lacks what the page is about."""
WHOLE = ("projects", "find", "log", "data", "figures", "trust.policy")
MISSING = {
    "g": marked("There is no gift %(name)s."), "payment": marked("There is no payment or delivery %(name)s."),
    "entry": marked("There is no entry %(name)s."), "project": marked("There is no project %(name)s."),
    "card": marked("There is no project %(name)s."), "charity": marked("There is no organisation %(name)s."),
}  # fmt: skip
"""By the beginning of a path: that there is nothing with the name that follows."""
NAME_LENGTH = 60
NOTHING = marked("Page not found")
UNKNOWN = Words(
    NOTHING, marked("The ledger has no record with this name, or not yet."),
    marked("Compare it with your receipt, digit by digit. A gift made today may not be recorded yet: try again tomorrow, or ask "
           "the organisation that you gave to."),
)  # fmt: skip
BY_RULE = {
    "path": Words(NOTHING, marked("There is no page at this address. It may have been mistyped, or the link is an old one.")),
    "reference": UNKNOWN,
    "entry": UNKNOWN,
    "tree-size": Words(
        NOTHING, marked("The log does not have that many entries yet."),
        marked("Remove “at_size” from the address to see the latest version."),
    ),
    "rate-limit": Words(
        marked("Too many requests"), marked("You, or someone else on your network, sent too many requests in a short time."),
    ),
}  # fmt: skip
BY_STATUS = {
    404: UNKNOWN,
    500: Words(
        marked("The server failed"), marked("This is a fault in the program. The operator can find it in the server’s log."),
    ),
    503: Words(marked("The server is busy"), marked("The server cannot answer at the moment. This is not your fault.")),
}  # fmt: skip
OTHER = Words(
    marked("This cannot be shown"), marked("The address is not valid."),
    marked("The reason is below. Correct the address, or start again from the home page."),
)  # fmt: skip


def say(error: GiveTrailError, scope: Scope) -> Response:
    """The response to a request that ended in an error, in the form that the client prefers."""
    path = below_root(scope)
    if _is_for_programs(path):
        return problem_of(error, scope)
    if error.rule == "path" and (meant := mended(path)):
        return _redirected(scope, meant)
    request = Request(scope)
    answer = _page(error, request) if prefers_html(request.headers.get("accept", "")) else problem_of(error, scope)
    answer.headers["vary"] = VARY
    return answer


def _is_for_programs(path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in FOR_PROGRAMS)


def mended(path: str) -> str:
    """The page that was meant by a path with extra slashes, in capitals, or without the name of what it is about; "" if there is
    none, or the path is already correct."""
    parts = [part for part in path.split("/") if part]
    place, names = parts[0].lower() if parts else "", parts[1:]
    if place in BEGINNINGS and not names:
        return BEGINNINGS[place]
    if (place in BEGINNINGS and len(names) == 1) or (place in WHOLE and not names):
        meant = "/" + "/".join([place, *names])
        return meant if meant != path else ""
    return ""


def _redirected(scope: Scope, path: str) -> Response:
    """Redirect permanently to a path of this app, with the same query: the path that was requested has no other meaning."""
    query = scope["query_string"].decode("ascii", "replace")
    location = f"{public_url_of(scope).root}{quote(path)}{'?' if query else ''}{query}"
    return RedirectResponse(location, HTTPStatus.PERMANENT_REDIRECT, {"cache-control": "no-store"})


def _page(error: GiveTrailError, request: Request) -> Response:
    asked = address_of(request)
    address = asked._replace(path=asked.path[:URL_BYTES], at_size="", as_of="", more=())
    voice, headers = voice_for(request, address), headers_of(error)
    words = BY_RULE.get(error.rule) or BY_STATUS.get(error.http_status, OTHER)
    missing = _missing(error, asked.path, voice)
    text = render("problem.html", Frame(address, voice, 0, ""), {
        "words": Words(*(voice.say(one) if one else "" for one in words)), "status": int(error.http_status), "rule": error.rule,
        "missing": missing, "detail": "" if missing and voice.name != DEFAULT else error.message,
        "wait_s": int(headers.get("retry-after", 0)),
    })  # fmt: skip
    said = {**HEADERS, **headers, "content-language": voice.tag}
    return compressed(text, error.http_status, said, request.scope)


def _missing(error: GiveTrailError, path: str, voice: Voice) -> str:
    """What does not exist, according to the requested page; "" if the error is another one."""
    place, _, name = path.strip("/").partition("/")
    if error.rule not in ("reference", "entry") or place not in MISSING:
        return ""
    return voice.say(MISSING[place], name=plain(shortened(name, NAME_LENGTH)))

"""The trust policy that the operator hands out with the ledger's directory: the log's key, and the witnesses that count."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.directory.opening import POLICY
from ledger.disk.regular import read_regular
from ledger.errors import GiveTrailError, NotFound
from ledger.log.policy import MAX_POLICY_BYTES, Policy, Witness

from ..http.window import window_of


def policy_of(directory: Path) -> str:
    """The text of the policy in a ledger's directory; "" where there is none that can be read."""
    try:
        raw = read_regular(directory / POLICY, MAX_POLICY_BYTES)
        Policy.parse(raw)
    except (OSError, GiveTrailError):
        return ""
    return raw.decode()


def witnesses(text: str) -> tuple[Witness, ...]:
    """The witnesses that a policy names."""
    return Policy.parse(text.encode()).witnesses if text else ()


async def file(request: Request) -> Response:
    """The policy as a file. Raises NotFound."""
    text = policy_of(window_of(request).directory)
    if not text:
        raise NotFound("trust.policy: none is published here; ask the operator", rule="path")
    return Response(text, headers={"cache-control": "public, max-age=60", "content-type": "text/plain; charset=utf-8"})


ROUTE = Route("/trust.policy", file, methods=["GET"])

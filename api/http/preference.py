"""What a client prefers: the weights in a header such as Accept (RFC 9110 §12.4.2)."""

from __future__ import annotations

import re

WEIGHT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{0,6})?")


def weights_of(header: str) -> dict[str, float]:
    """Each name in a header, in lower case and in order, with its weight from 0 to 1: 1 if none is given, 0 if it is malformed. If
    a name occurs twice, the higher weight counts."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = [piece.strip() for piece in part.split(";")]
        if name:
            weights[name] = max(weights.get(name, 0.0), _weight(parameters))
    return weights


def prefers_html(accept: str) -> bool:
    """Whether an Accept header prefers HTML to JSON, as browsers do; every other client is a program."""
    weights = weights_of(accept)
    html = _of(weights, "text/html")
    return html > max(_of(weights, name) for name in ("application/json", "application/problem+json"))


def accepts_gzip(accepts: str) -> bool:
    """Whether an Accept-Encoding header allows gzip (RFC 9110 §12.5.3)."""
    weights = weights_of(accepts)
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _of(weights: dict[str, float], media: str) -> float:
    """The weight of a media type: by its full name, or else by its kind, or else by `*/*`."""
    names = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((weights[name] for name in names if name in weights), 0.0)


def _weight(parameters: list[str]) -> float:
    said = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    return min(1.0, float(said)) if WEIGHT.fullmatch(said) else 0.0

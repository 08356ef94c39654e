"""Asks a timestamp authority over HTTP (RFC 3161 §3.4) for a token over a checkpoint."""

from __future__ import annotations

from ..errors import Unverifiable, VerificationError, shown
from ..log.checkpoint import Checkpoint
from ..log.tile import TOKEN_BYTES
from ..log.timestamp_token import STAMP_RULE, Token, check_imprint, read_token, request
from .fetch import base_of
from .post import post

QUESTION, ANSWER = "application/timestamp-query", "application/timestamp-reply"
WHOLE_S = 60.0


def ask(url: str, checkpoint: Checkpoint, whole_s: float = WHOLE_S) -> Token:
    """A new token over a checkpoint, with the certificate of the authority in it. Who signed it is not verified.

    Raises UsageError (`url`); Unverifiable (`unreachable`) if the authority does not answer within `whole_s` seconds, redirects,
    sends more than 64 KiB, or does not speak as an authority does; FormatError (`timestamp`) if it refuses, or its answer is
    malformed; VerificationError (`timestamp`) if the answer is over something else, or was made for another question.
    """
    base_of(url)
    question, nonce = request(checkpoint)
    answer = post(url, question, QUESTION, TOKEN_BYTES, whole_s)
    if answer.status != 200 or answer.media != ANSWER:
        why = f"answers {answer.status} with {shown(answer.media)}, as a timestamp authority would not"
        words = "give the address that its operator names for RFC 3161"
        raise Unverifiable(f"{url}: the server {why}; {words}", rule="unreachable", where=url)
    token = read_token(answer.body)
    check_imprint(token, checkpoint)
    if token.nonce != nonce:
        words = "the answer was made for another question (its nonce differs), so its time may be old"
        raise VerificationError(f"{url}: {words}; ask again, or another authority", rule=STAMP_RULE, where=url)
    return token

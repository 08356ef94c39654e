"""Who speaks in the golden ledger, with keys from seeds. They are published: test keys, for nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ledger.canonical import to_base64, to_base64url
from ledger.entries.channel_reference import ReferenceKey, check_value, commit_reference
from ledger.entries.label import commit_account, commit_invoice
from ledger.log.key import SigningKey
from ledger.log.note import COSIGNATURE, VerifierKey
from ledger.log.policy import Group, Log, Policy, Witness

ORIGIN = "ledger.example.org/golden"
OTHER_ORIGIN = "ledger.example.org/other"
LOG_KEYS = {ORIGIN: "log", OTHER_ORIGIN: "other-log"}
LABEL = "2026"
DESTROY_ON = "2036-12-31"
OFFICERS = (
    "op.chief", "hope.li", "hope.wang", "hope.li2", "auditco.chen", "bureau.hu", "eyes.luo", "shop.zhao", "village.guo", "gate.sun",
    "gate.till", "build.ma", "river.xu", "river.xu2", "village.lan", "savings.he",
)  # fmt: skip
WITNESSES = ("north", "south", "east")
PERSON = "p-3f9c2a71"
# What the vault and the evidence store would hold, and no ledger: references by channel, private fields, files.
REFERENCES = {
    "4200000171": "wechat-pay", "4200000172": "wechat-pay", "4200000173": "wechat-pay", "B-2026-0311": "bank",
    "INV-889": "bank", "R-77": "shop", "4200000501": "wechat-pay", "4200000502": "wechat-pay",
    "2026030322": "alipay", "B-2026-0312": "bank", "B-2026-0313": "bank", "B-2026-0331": "bank",
    "B-2026-0401": "bank", "B-2026-0316": "bank", "T-1": "transfer", "T-2": "transfer",
}  # fmt: skip
PRIVATE = {
    "donor": {"name": "Zhao Min", "region": "CN-GZ"},
    "person": {"name": "Li Hua", "contact": "138 0000 0000"},
}
FILES = {
    "invoice.txt": "Paper, 9.00\n", "handover.txt": "400 masks, N95\n", "minutes.txt": "20 masks past their day, destroyed\n",
    "shelves.txt": "12 shelves put up\n", "gifts-2026-03.csv": "reference,amount\n4200000501,8.00\n4200000502,9.00\n4200000503,?\n",
}  # fmt: skip


def seed(name: str) -> bytes:
    """32 bytes that belong to a name."""
    return hashlib.sha256(b"givetrail golden ledger, test key: " + name.encode()).digest()


def key(name: str) -> SigningKey:
    """The key of `log`, `witness.<name>` or `<party>.<officer>`."""
    return SigningKey.from_seed(seed(name))


def public(name: str) -> str:
    """The public key of a name, as records and signatures hold it."""
    return to_base64(key(name).public)


def officers(*names: str) -> list[dict[str, str]]:
    """The keys of officers, as a party's record holds them."""
    return [{"key": public(name), "officer": name.partition(".")[2]} for name in names]


def names_of_keys() -> dict[str, str]:
    """The name of every public key."""
    return {public(name): name for name in ("log", *OFFICERS)}


def log_vkey(origin: str = ORIGIN) -> VerifierKey:
    """The key of a log as a policy names it."""
    return VerifierKey(origin, key(LOG_KEYS[origin]).public)


def witness_vkey(name: str) -> VerifierKey:
    """A witness's key as a policy names it."""
    return VerifierKey(f"witness.example.org/{name}", key(f"witness.{name}").public, COSIGNATURE)


def policy(*origins: str) -> Policy:
    """Trust in the log, and in any two of three witnesses."""
    logs = tuple(Log(log_vkey(origin)) for origin in origins or (ORIGIN,))
    witnesses = tuple(Witness(name, witness_vkey(name)) for name in WITNESSES)
    return Policy(logs, witnesses, (Group("two", 2, WITNESSES),), "two")


def channel_ref(reference: str) -> str:
    """A channel's reference, committed with the test key of the label 2026 (formats §5)."""
    return commit_reference(seed("channel references 2026"), LABEL, REFERENCES[reference], reference)


def invoice_ref(payee: str, number: str) -> str:
    """The number of a payee's invoice, committed with the test key of the label invoices (formats §5)."""
    return commit_invoice(seed("invoices"), "invoices", payee, number)


def account_ref(number: str) -> str:
    """The number of an account, committed with the test key of the label accounts (formats §5)."""
    return commit_account(seed("accounts"), "accounts", number)


def reference_key(party: str, secret: str = "channel references 2026") -> dict[str, str]:
    """What a party says of its key of the label 2026 (formats §5)."""
    key = ReferenceKey(LABEL, seed(secret), DESTROY_ON)
    return {"kind": "reference-key", "label": LABEL, "check_value": check_value(party, key), "destroy_on": DESTROY_ON}


def disclosure(field: str, value: str) -> str:
    """A private field as it is disclosed (RFC 9901): base64url of [salt, field, value]."""
    salt = to_base64url(seed(f"salt of {field} {value}")[:16])
    return to_base64url(json.dumps([salt, field, value], ensure_ascii=False).encode())


def digest(disclosed: str) -> str:
    """The digest of a disclosure, as a record holds it."""
    return to_base64url(hashlib.sha256(disclosed.encode()).digest())


def private(whose: str) -> list[str]:
    """The digests of somebody's private fields, sorted."""
    return sorted(digest(disclosure(field, value)) for field, value in PRIVATE[whose].items())


def evidence(*names: str) -> list[dict[str, Any]]:
    """Files, each committed with its salt (formats §5)."""
    return [
        {
            "bytes": len(FILES[name]),
            "digest": hashlib.sha256(file_salt(name) + FILES[name].encode()).hexdigest(),
            "media": "text/plain",
        }
        for name in names
    ]


def file_salt(name: str) -> bytes:
    """The 32 bytes before a file."""
    return seed(f"salt of {name}")


def opening(name: str) -> dict[str, str]:
    """What the holder of that name is the digest of."""
    return {"salt": to_base64url(seed(f"salt of holder {name}")[:16]), "key": public(f"holder.{name}")}


def holder(name: str) -> str:
    """The salted hash of a one-time public key of somebody who is no party."""
    return to_base64url(hashlib.sha256(seed(f"salt of holder {name}")[:16] + key(f"holder.{name}").public).digest())

"""Every page of the story, by a name; and what is asked of all of them."""

from __future__ import annotations

from tests.pages.town import Town

LANGUAGES = {"en": "en", "zh": "zh-Hans"}
PAGES = (
    "home", "projects", "organisations", "far", "far-project", "far-charity", "far-nothing",
    "gift", "gift-waiting", "gift-dollars", "project", "payment", "payment-goods", "payment-evil",
    "payment-group", "payment-kin", "payment-own", "payment-void", "payment-disputed", "payment-bounced", "delivery", "gift-void",
    "gift-disputed", "entry-own", "entry-void", "entry-reversal",
    "receipt", "receipt-void", "feedback", "return", "reversal", "correction", "income", "refund", "project-record",
    "money", "money-given", "money-left", "overdue", "overdue-nothing", "overdue-all", "goal", "fund", "charity",
    "vendor", "long-name",
    "lists", "entry", "first-entry", "log", "data", "figures", "find", "find-nothing",
    "find-nonsense", "card", "nothing",
)  # fmt: skip
MISSING = ("find-nothing", "find-nonsense", "nothing")


def path_of(town: Town, name: str) -> str:
    """The path of a page."""
    refs = town.refs
    return {
        "home": "/", "projects": "/projects", "organisations": "/organisations", "far": "/reach/held?unit=CNY",
        "far-project": "/reach/paid?unit=CNY&project=school", "far-charity": "/reach/reported?unit=CNY&charity=hope",
        "far-nothing": "/reach/written-off?unit=USD", "gift": f"/g/{refs['gift']}", "gift-waiting": f"/g/{refs['waiting']}",
        "gift-dollars": f"/g/{refs['gift'].partition('.')[0]}.1", "project": "/project/school",
        "payment": f"/payment/{refs['paid']}",
        "payment-goods": f"/payment/{refs['bought']}", "payment-evil": f"/payment/{refs['bad']}",
        "payment-returned": f"/payment/{refs['returned']}", "payment-repaid": f"/payment/{refs['repaid']}",
        "payment-group": f"/payment/{refs['staff']}", "payment-kin": f"/payment/{refs['kin']}",
        "payment-own": f"/payment/{refs['own']}", "payment-void": f"/payment/{refs['twice']}",
        "payment-disputed": f"/payment/{refs['fought']}",
        "payment-bounced": f"/payment/{refs['bounced']}", "gift-void": f"/g/{refs['nought']}",
        "gift-disputed": f"/g/{refs['fresh']}", "entry-own": f"/entry/{refs['own'].partition('.')[0]}",
        "entry-void": f"/entry/{refs['twice'].partition('.')[0]}",
        "entry-reversal": f"/entry/{refs['untwice'].partition('.')[0]}",
        "money": "/money/paid?unit=CNY&project=school", "money-given": "/money/given?unit=CNY",
        "money-left": "/money/left?unit=CNY", "fund": "/fund/school",
        "overdue": "/overdue?stage=receipt&unit=CNY", "overdue-all": "/overdue",
        "overdue-nothing": "/overdue?stage=feedback&unit=USD&charity=river",
        "goal": "/goal/school?unit=CNY",
        "receipt": f"/record/{refs['signed']}", "receipt-void": f"/record/{refs['slip']}",
        "feedback": f"/record/{refs['told']}", "return": f"/record/{refs['back']}", "reversal": f"/record/{refs['untwice']}",
        "correction": f"/record/{refs['put-right']}", "income": f"/record/{refs['lent']}",
        "refund": f"/record/{refs['refunded']}", "project-record": "/record/6.0",
        "delivery": f"/payment/{refs['handed']}", "charity": "/charity/hope", "vendor": "/charity/evil",
        "long-name": "/charity/long", "entry": f"/entry/{town.tree_size - 1}", "first-entry": "/entry/0", "log": "/log",
        "lists": "/lists",
        "data": "/data", "figures": "/figures", "find": "/find", "find-nothing": "/find?ref=999.9",
        "find-nonsense": "/find?ref=<b>",
        "card": "/card/school", "nothing": "/g/999.0",
    }[name]  # fmt: skip


def with_query(path: str, **query: object) -> str:
    """A path with more in its query."""
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{path}{'&' if '?' in path else '?'}{more}"

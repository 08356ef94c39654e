"""What the page of a monitor says, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The texts of one language; `own` is the name of the language in itself, `title` and `evidence` come
    before a name, `rules` what an alarm of a rule means."""

    own: str
    title: str
    feed: str
    consistent: str
    alarm: str
    silent: str
    log: str
    address: str
    size: str
    root: str
    since: str
    cosigned: str
    nobody: str
    round: str
    answered: str
    never: str
    silent_since: str
    kept: str
    alarms: str
    none: str
    evidence: str
    limits: str
    not_proven: tuple[str, ...]
    rules: Mapping[str, str]
    other: str


WORDS = {
    "en": Words(
        own="English", title="Monitor of ", feed="Checkpoints and alarms",
        consistent="The last round found no contradiction.", alarm="The last round raised an alarm.",
        silent="The last round could not get a checkpoint, or could not prove it.",
        log="Log", address="Address", size="Entries", root="Root", since="First seen here", cosigned="Cosigned by",
        nobody="no witness that this monitor’s policy names", round="Last round", answered="The log last answered", never="never",
        silent_since="Silent since", kept="Checkpoints kept", alarms="Alarms", none="None so far.", evidence="Evidence: ",
        limits="What a monitor does not prove",
        not_proven=(
            "That the entries are true, or follow the rules about money. Verify the log itself for that.",
            "That others were shown the same log, except where checkpoints from elsewhere were compared.",
            "Anything about the time before its first checkpoint, or about what was shown and withdrawn between two rounds.",
            "The time at which an entry was made. The times here are those of this monitor’s own clock.",
        ),
        rules={
            "fork": "Two histories", "consistency": "The log was rolled back", "checkpoint-signature": "A signature is false",
            "witness-quorum": "Too few witnesses", "checkpoint": "Not a checkpoint", "tile": "The log’s files do not fit its root",
            "missing": "A file is missing", "unreachable": "The log does not answer",
        },
        other="Alarm",
    ),
    "zh": Words(
        own="中文", title="日志监视：", feed="检查点与警报",
        consistent="最近一轮没有发现矛盾。", alarm="最近一轮发出了警报。", silent="最近一轮未能取得检查点，或未能证明它。",
        log="日志", address="地址", size="条目数", root="树根", since="本监视方首次见到", cosigned="共同签名的见证方",
        nobody="没有本监视方策略所列的见证方", round="最近一轮", answered="日志最近一次应答", never="从未",
        silent_since="无应答始于", kept="保存的检查点", alarms="警报", none="至今没有。", evidence="证据：",
        limits="监视不能证明什么",
        not_proven=(
            "不能证明条目属实，也不能证明条目符合资金规则；这需要验证日志本身。",
            "不能证明别人看到的是同一份日志，除非已与别处的检查点作过比对。",
            "不能说明第一个检查点之前的情况，也不能说明两轮之间出现又撤回的内容。",
            "不能证明条目产生的时间；这里的时间取自本监视方自己的时钟。",
        ),
        rules={
            "fork": "出现两份历史", "consistency": "日志发生回退", "checkpoint-signature": "签名有误",
            "witness-quorum": "见证方不足", "checkpoint": "不是检查点", "tile": "日志文件与树根不符",
            "missing": "缺少文件", "unreachable": "日志没有应答",
        },
        other="警报",
    ),
}  # fmt: skip

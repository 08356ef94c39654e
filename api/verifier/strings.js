// What the page says, in English and in simplified Chinese. A test compares the two, and the findings with their reference.

import { money } from "./money.js";
import { CLAIMED, PROVED, REMAINING } from "./verify.js";

const ENGLISH = {
  title: "Verify a trace bundle",
  intro: "A trace bundle follows one gift through a ledger. This page checks it here, in your browser: it sends nothing, loads " +
    "nothing, and works without a network.",
  about: "Anyone who gave you this file could have changed it. Its SHA-256 is published with the program: compare it.",
  languages: "Language",
  bundle: "1. The bundle",
  bundle_label: "Choose the bundle file, or drop it here",
  bundle_none: "No bundle is chosen yet.",
  bundle_chosen: "Chosen:",
  policy: "2. Which log and witnesses to trust",
  policy_label: "Trust policy, or the log's verifier key",
  policy_file: "Choose a policy file",
  policy_none: "No policy is built into this page. Get the log's policy from someone you trust, not from the person who " +
    "sent you the bundle.",
  policy_by: "This policy was built into the page by: {by}. A page that an operator serves is only as honest as the operator: " +
    "use the file whose SHA-256 is published with the program, and enter a policy that you got from someone else.",
  policy_not_text: "This file is not UTF-8 text, so it is not a policy.",
  verify: "3. Verify",
  verifying: "Verifying…",
  choose_first: "Choose a bundle first.",
  verdicts: {
    verified: "Verified", "verified, unwitnessed": "Verified, unwitnessed", failed: "Failed", "could not verify": "Could not verify",
  },
  meanings: {
    verified: "Everything that can be checked offline was checked, and is correct.",
    "verified, unwitnessed": "Everything that can be checked offline was checked, and is correct. The trust policy does not ask for a witness, so " +
      "the log could show other people another history.",
    failed: "At least one check failed. Do not rely on this bundle. Keep a copy of the file, and ask the operator of the ledger to explain.",
    "could not verify": "Nothing false was found, and nothing was proved. The reason is below.",
  },
  gift: "The gift",
  ranges: "Where each part is",
  columns: { units: "Units", amount: "Amount", state: "State", where: "Where", records: "By records" },
  states: {
    held: "held in a fund", allocated: "allocated to an activity", paid: "paid", received: "received", reported: "reported on",
    fee: "kept as a fee", refunded: "refunded", covered: "refunded from another fund", "written-off": "written off",
  },
  levels: { "recipient-signed": "signed by the recipient", "third-party": "by a third party", "self-declared": "self-declared" },
  as_given: "as given",
  proved: "Proved",
  claimed: "Not proved",
  findings: "What was found",
  details: "The log",
  facts: { as_of: "Overdue as of", origin: "Log", tree_size: "Entries in the log", entries: "Entries checked", gift: "Gift" },
  whole: "the whole bundle",
  entry: "entry {entry}",
  record: "record {entry}.{record}",
  foot: "Units are taken first in, first out: that is a convention of the ledger. No ledger can prove that goods arrived or that " +
    "a report is true.",
  found: {
    canonical: "The bytes are not the canonical encoding of what they say.",
    "size-limit": "An entry or statement is larger than the format allows.",
    schema: "A member is missing or breaks the rule of its kind.",
    chain: "An entry's index or `prev` does not follow from the entry before it.",
    "checkpoint-signature": "The checkpoint is not signed by the log that the trust policy names.",
    "witness-quorum": "Fewer witnesses have cosigned the checkpoint than the trust policy asks for.",
    inclusion: "A proof does not lead from the entry to the root.",
    "statement-signature": "A signature over a statement is false or missing.",
    "weak-key": "The key is unsafe: someone without it could make signatures that pass. (It is not a canonical Ed25519 point of prime order.)",
    "key-standing": "A signature was made with a key that does not belong to any party, or was already revoked.",
    authority: "A party recorded or signed a statement that it had no right to.",
    approval: "A required signature is missing: of a second officer, or of an overseer.",
    ledger: "A statement was made for another ledger, or a succession does not match the log that it continues.",
    "continued-after-loss": "The log continues another log that ended; entries of that log may have been lost.",
    after: "A statement was signed for another history of the log, or before something that it names was recorded.",
    time: "Times run backwards, or a date was still in the future when it was recorded.",
    "statement-id": "A party used the same statement id twice.",
    reference: "A record names something that does not exist or is not allowed there, or makes a fund more than 16 levels deep.",
    "tape-limit": "A fund, or a total that the books keep, would exceed 2^53-1 minor units.",
    rules: "This program does not know the rule set.",
    "tape-flow": "The flows of an entry are not those that the rules give.",
    fee: "A fee is not less than its gift, or goes into the gift's own fund.",
    restriction: "Restricted money, or an endowment, goes where it is not allowed.",
    "receipt-excess": "Receipts acknowledge more than was paid.",
    "return-excess": "More money comes back than was paid.",
    "refund-units": "A refund names money that is not from the gift, or was already refunded.",
    missing: "Files are missing or cut off.",
    transport: "A text was changed in transit: its line ends, or a byte order mark.",
    version: "This program does not know the version of the entry.",
    "unknown-kind": "This program does not know the kind of record.",
    "unknown-member": "This program does not know a member of the entry.",
    "trust-anchor": "No trust policy was given, or it names other logs.",
    bundle: "The file is not a trace bundle, or is incomplete.",
    note: "The checkpoint is not a signed note.",
    checkpoint: "The checkpoint is not a well-formed note of this log.",
    policy: "The trust policy is malformed.",
    browser: "This browser cannot check signatures here.",
    internal: "This program has a fault. This is not a verdict.",
  },
  remaining: REMAINING,
  claims: CLAIMED,
  proofs: PROVED,
  sentence: (gift) => gift.sentence,
};

const CHINESE = {
  title: "验证溯源包",
  about: "任何向您提供本文件的人都可能改动过它。它的 SHA-256 随程序一起公布，请加以比对。",
  intro: "溯源包记录一笔捐款在账本中的去向。本页在您的浏览器里验证它：不发送任何数据，不加载任何内容，断网也能使用。",
  languages: "语言",
  bundle: "1. 溯源包",
  bundle_label: "选择溯源包文件，或拖放到这里",
  bundle_none: "尚未选择溯源包。",
  bundle_chosen: "已选择：",
  policy: "2. 以谁为准",
  policy_label: "信任策略，或日志的验证公钥",
  policy_file: "选择策略文件",
  policy_none: "本页没有内置策略。请向您信任的人索取该日志的策略，不要向发给您溯源包的人索取。",
  policy_by: "本页内置的策略由以下一方放入：{by}。由运营方提供的网页，其可信程度不会超过运营方本身：请使用 SHA-256 随程序公布的那个文件，并填入您从别处得到的策略。",
  policy_not_text: "该文件不是 UTF-8 文本，因此不是策略。",
  verify: "3. 验证",
  verifying: "正在验证……",
  choose_first: "请先选择溯源包。",
  verdicts: {
    verified: "验证通过", "verified, unwitnessed": "验证通过，但无见证", failed: "验证失败", "could not verify": "无法验证",
  },
  meanings: {
    verified: "凡能离线检查的都已检查，并且成立。",
    "verified, unwitnessed": "凡能离线检查的都已检查，并且成立。信任策略没有要求见证方，因此日志可能向别人出示另一段历史。",
    failed: "至少有一项检查不成立。请不要依据这个溯源包；请保留文件，并询问账本的运营方。",
    "could not verify": "没有发现不实之处，但也没有证明任何事。原因见下。",
  },
  gift: "这笔捐款",
  ranges: "每一部分在哪里",
  columns: { units: "区间", amount: "数额", state: "状态", where: "位置", records: "经由记录" },
  states: {
    held: "留存在基金中", allocated: "已分配到活动", paid: "已支付", received: "已确认收到", reported: "已有反馈", fee: "作为手续费扣除",
    refunded: "已退回", covered: "由其他基金退回", "written-off": "已核销",
  },
  levels: { "recipient-signed": "收款方签名", "third-party": "第三方确认", "self-declared": "自行声明" },
  as_given: "捐入时",
  proved: "已证明",
  claimed: "未证明",
  findings: "发现的问题",
  details: "日志",
  facts: { as_of: "判断逾期的日期", origin: "日志", tree_size: "日志条目数", entries: "已检查条目数", gift: "捐款" },
  whole: "整个溯源包",
  entry: "条目 {entry}",
  record: "记录 {entry}.{record}",
  foot: "资金按先进先出使用：这是账本的约定。任何账本都不能证明物资已经送达，也不能证明一份反馈属实。",
  found: {
    canonical: "字节不是其内容唯一的规范编码。",
    "size-limit": "条目或声明超过格式允许的大小。",
    schema: "缺少成员，或成员不符合该类记录的规则。",
    chain: "条目的序号或 `prev` 与前一条目不相接。",
    "checkpoint-signature": "检查点没有由信任策略中的日志签名。",
    "witness-quorum": "为检查点联署的见证方少于信任策略的要求。",
    inclusion: "证明不能从该条目推到树根。",
    "statement-signature": "声明上的签名不实或缺失。",
    "weak-key": "该公钥能与它从未作出的签名相符：不是素数阶的规范点。",
    "key-standing": "签名所用的公钥不属于任何一方，或此前已被撤销。",
    authority: "作出声明或签名的一方无权这样做。",
    approval: "缺少规则要求的签名：另一位负责人或监督方的签名。",
    ledger: "声明是为另一个账本作出的，或延续记录与其所延续的日志不符。",
    "continued-after-loss": "本日志延续另一个已终止的日志；后者的部分条目可能已经丢失。",
    after: "声明绑定到另一段历史，或绑定到早于其所指内容的时间。",
    time: "时间倒退，或日期尚未到来。",
    "statement-id": "同一方的同一声明编号在日志中出现两次。",
    reference: "记录所指的内容不存在，或不得引用；或所设基金位于根基金之下第 17 层。",
    "tape-limit": "某条账带，或账簿所存的某项合计，将超过 2^53-1。",
    rules: "本程序不认识的规则集。",
    "tape-flow": "条目的资金流向与规则得出的不一致。",
    fee: "手续费不是捐款的一部分，或进入了捐款自身的基金。",
    restriction: "受限资金或本金去了不允许的地方。",
    "receipt-excess": "收据超过其确认的付款。",
    "return-excess": "退回的金额超过付款。",
    "refund-units": "退还的部分不属于该捐款，或已经退还过。",
    missing: "文件缺失或不完整。",
    transport: "文本在传送途中被改动：换行符或字节顺序标记。",
    version: "本程序不认识的条目版本。",
    "unknown-kind": "本程序不认识的记录种类。",
    "unknown-member": "本程序不认识的成员。",
    "trust-anchor": "没有指定信任策略，或策略针对的是其他日志。",
    bundle: "该文件不是溯源包，或不完整。",
    note: "检查点不是签名文书。",
    checkpoint: "检查点不是该日志格式正确的签名文书。",
    policy: "信任策略格式有误。",
    browser: "本浏览器在此处不能检查签名。",
    internal: "本程序出错；这不是验证结论。",
  },
  remaining: "未核验（须经完整审计）：剩余的{amount}尚未使用",
  claims: [
    "未核验（须经完整审计）：没有记录被撤回，也没有公钥被撤销",
    "未核验（须经完整审计）：每笔付款取用的都是基金中最早的款项",
    "未核验（须经完整审计）：须参照其他条目的规则（例如费用上限）得到了遵守",
  ],
  proofs: [
    "溯源包中的每个条目都在日志里，处于日志签名的检查点之下",
    "每份声明都由溯源包中的条目授予某方的公钥签名，其中包括作出声明的一方",
    "在溯源包的条目所能确认的范围内，记录的作出者和签名者有权这样做，并且遵守了相关规则",
    "这些条目的资金流向把捐款引到溯源包所说之处：各区间恰好拼成整笔捐款",
  ],
  sentence: chineseSentence,
};

function chineseSentence(gift) {
  const say = (minor) => money(minor, gift.exponent, gift.unit);
  const { held = 0, allocated = 0, paid = 0, received = 0, reported = 0, ...others } = gift.totals;
  const parts = [];
  if (paid + received + reported) {
    const ways = [[gift.payments, "笔付款"], [gift.deliveries, "次实物交付"]].filter(([number]) => number).map((way) => way.join(" "));
    const levels = [...new Set(gift.pieces.map(({ level }) => level).filter(Boolean))].sort();
    const signed = levels.map((level) => CHINESE.levels[level]).join("、");
    const acknowledged = received + reported ? `，其中 ${say(received + reported)} 已确认收到（${signed}）` : "";
    const told = reported ? `，${say(reported)} 已有反馈` : "";
    parts.push(`${say(paid + received + reported)} 已用于 ${ways.join("和 ")}${acknowledged}${told}`);
  }
  if (held + allocated) parts.push(`${say(held + allocated)} 自 ${gift.waiting_since} 起等待使用`);
  for (const [state, units] of Object.entries(others)) parts.push(`${say(units)} ${CHINESE.states[state]}`);
  const stages = { receipt: "收据", feedback: "反馈" };
  const overdue = gift.overdue.map(({ stage, ref, due_on }) => `${ref} 的${stages[stage]}已逾期，应于 ${due_on} 前（含当日）提交。`);
  return `${say(gift.amount)}，${gift.received_on} 捐入 ${gift.fund}：${parts.join("；")}。${overdue.join("")}`;
}

export const LANGUAGES = { en: ENGLISH, "zh-CN": CHINESE };

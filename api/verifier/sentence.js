// A gift in one sentence, in the reader's language, as a server's pages say it (api/pages/sentence.py).

import { totalsTold } from "./gift.js";
import { money } from "./money.js";

const PAID = ["paid", "received", "reported"];
const LEFT = ["disputed", "fee", "refunded", "covered", "unspent-covered", "written-off", "void"];

/** A foreign text with direction-changing characters marked. */
function plain(text) {
  return text.replace(/[\p{Bidi_Control}\p{Cc}]/gu, "\ufffd");
}

/** A text with `{name}` filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Minor units as people write them in a language: 1,234.50 CNY, 1,234.50元; for goods, with their name. */
export function amountSaid(words, minor, exponent, unit, goods = "") {
  const amount = grouped(money(minor, exponent, "").trim());
  if (/^[A-Z]{3}$/.test(unit)) return filled(words.money, { amount, currency: words.currency(unit) });
  const counted = /^(.+?) *[(（]([^()（）]+)[)）]$/.exec(goods);
  if (counted) return filled(words.counted, { amount, goods: plain(counted[1]), measure: plain(counted[2]) });
  return filled(words.goods, { amount, goods: plain(goods || unit) });
}

function grouped(amount) {
  const [whole, ...rest] = amount.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

/** Where the money is. Sentences of their own say what is overdue. */
export function told(words, gift) {
  const say = (minor) => amountSaid(words, minor, gift.exponent, gift.unit, gift.called.goods);
  const { held = 0, allocated = 0, ...totals } = totalsTold(gift);
  const parts = [paidPart(words, gift, say)];
  if (held + allocated) parts.push(filled(words.waiting, { amount: say(held + allocated), day: words.day(gift.waiting_since) }));
  for (const state of LEFT) if (totals[state]) parts.push(filled(words.left[state], { amount: say(totals[state]) }));
  const whole = filled(words.given, {
    amount: say(gift.amount), day: words.day(gift.received_on), fund: plain(gift.called.fund || gift.fund),
    parts: parts.filter(Boolean).join(words.between_parts),
  });
  const overdue = gift.overdue.map(({ stage, ref, due_on }) => filled(words.overdue[stage], { ref, day: words.day(due_on) }));
  return [whole, ...overdue].join(words.gap);
}

function paidPart(words, gift, say) {
  const [paid, received, reported] = PAID.map((state) => gift.totals[state] ?? 0);
  if (!(paid + received + reported)) return "";
  const values = {
    amount: say(paid + received + reported), payments: counted(words.payments, gift.payments),
    deliveries: counted(words.deliveries, gift.deliveries),
  };
  const parts = [filled(gift.payments ? (gift.deliveries ? words.both : words.paid) : words.delivered, values)];
  const levels = [...new Set(levelsOf(gift.pieces))].sort().map((level) => words.levels[level] ?? level);
  if (received + reported) {
    parts.push(filled(words.received, { amount: say(received + reported), levels: levels.join(words.between_words) }));
  }
  if (reported) parts.push(filled(words.reported, { amount: say(reported) }));
  return parts.join(words.between_clauses);
}

/** The levels of the receipts of what counts as paid. */
function levelsOf(pieces) {
  return pieces.filter(({ state, level }) => PAID.includes(state) && level).map(({ level }) => level);
}

function counted([one, many], count) {
  return filled(count === 1 ? one : many, { count: grouped(String(count)) });
}

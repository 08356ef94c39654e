// The form of a statement: an interpreter for the JSON Schema keywords that forms.js uses, and for the rules that compare values.
//
// An unknown member outweighs an error, because a later version may have put it in place of what is missing (formats §7).

import { KINDS, STATEMENT, TYPES, WORDS } from "./forms.js";
import { isObject } from "./canonical.js";
import { Fault, shown } from "./fault.js";

// The log's reader refuses deeper nesting before it looks at any member.
const MAX_NESTING = 201;

const TYPE = {
  array: Array.isArray,
  integer: (value) => typeof value === "number",
  object: isObject,
  string: (value) => typeof value === "string",
};

const PLAIN = {
  type: (value, name) => TYPE[name](value),
  const: (value, only) => value === only,
  enum: (value, some) => some.includes(value),
  pattern: (value, text) => regex(text).test(value),
  minimum: (value, least) => value >= least,
  maximum: (value, most) => value <= most,
  minLength: (value, least) => Array.from(value).length >= least,
  maxLength: (value, most) => Array.from(value).length <= most,
  minItems: (value, least) => value.length >= least,
};

/** What a keyword requires, in words, because a pattern is for programs. */
const MUST = {
  type: (name) => `be ${{ array: "a list", integer: "a whole number", object: "an object", string: "text" }[name]}`,
  const: (only) => `be ${shown(only)}`,
  enum: (some) => `be one of ${some.join(", ")}`,
  pattern: (text) => `be ${WORDS[text]}`,
  minimum: (least) => `be at least ${least}`,
  maximum: (most) => `be at most ${most}`,
  minLength: (least) => `have at least ${least} characters`,
  maxLength: (most) => `have at most ${most} characters`,
  minItems: (least) => `hold at least ${least} items`,
};

const DEEP = { items: judgeItems, prefixItems: judgePlaces, properties: judgeMembers };
const PART_OF_ANOTHER = ["maxItems", "required"]; // judged by `items` and `properties`
const patterns = new Map();

function regex(text) {
  if (!patterns.has(text)) patterns.set(text, new RegExp(text, "u"));
  return patterns.get(text);
}

/** What is wrong with a value: the first error, the first unknown thing, or neither. */
class Found {
  constructor() {
    this.wrong = null;
    this.unknown = null;
  }

  get nothing() {
    return this.wrong === null && this.unknown === null;
  }

  add(other) {
    this.wrong ??= other.wrong;
    this.unknown ??= other.unknown;
  }
}

function judge(value, form, where, found) {
  if (form === "record") return judgeRecord(value, where, found);
  const rules = typeof form === "string" ? TYPES[form] : form;
  for (const [keyword, bound] of Object.entries(rules)) {
    if (keyword in PLAIN) {
      if (!PLAIN[keyword](value, bound)) return wrong(found, where, `${shown(value)} must ${MUST[keyword](bound)}`);
    } else if (keyword in DEEP) {
      DEEP[keyword](value, rules, where, found);
    } else if (keyword === "also") {
      judgeFurther(value, bound, where, found);
    } else if (!PART_OF_ANOTHER.includes(keyword)) {
      throw new Fault("internal", `forms.js uses ${keyword}, which this program does not know`);
    }
  }
}

function wrong(found, where, why) {
  found.wrong ??= `${where}: ${why}`;
}

function judgeRecord(value, where, found) {
  if (!isObject(value) || !("kind" in value)) return wrong(found, where, "must be an object with a kind");
  if (typeof value.kind !== "string" || !Object.hasOwn(KINDS, value.kind)) {
    found.unknown ??= { rule: "unknown-kind", message: `${where}: kind ${shown(value.kind)} is not one that this program knows` };
    return;
  }
  judge(value, KINDS[value.kind], where, found);
}

function judgeMembers(value, { properties, required = [] }, where, found) {
  for (const [name, form] of Object.entries(properties)) {
    if (name in value) judge(value[name], form, `${where}.${name}`, found);
    else if (required.includes(name)) wrong(found, `${where}.${name}`, "is missing");
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) {
    found.unknown ??= { rule: "unknown-member", message: `${where}.${unknown}: is not a member that this program knows` };
  }
}

/** If there are more valid items than allowed, this is the only thing that is reported about them. */
function judgeItems(value, { items, maxItems }, where, found) {
  const within = new Found();
  let sound = 0;
  for (const [number, item] of value.entries()) {
    const one = new Found();
    judge(item, items, `${where}[${number}]`, one);
    within.add(one);
    sound += one.nothing ? 1 : 0;
    if (sound > maxItems) return wrong(found, where, `has more than ${maxItems} items`);
  }
  found.add(within);
}

function judgePlaces(value, { prefixItems, maxItems }, where, found) {
  if (value.length > maxItems) return wrong(found, where, `has more than ${maxItems} items`);
  prefixItems.forEach((form, number) => judge(value[number], form, `${where}[${number}]`, found));
}

function judgeFurther(value, names, where, found) {
  for (const name of names) {
    if (!Object.hasOwn(FURTHER, name)) throw new Fault("internal", `forms.js names the rule ${name}, which is not known`);
    if (found.nothing && !FURTHER[name](value)) wrong(found, where, `breaks the rule ${name.replaceAll("_", " ")}`);
  }
}

const has = (value) => value !== undefined;
const ascending = (texts) => texts.every((text, i) => i === 0 || texts[i - 1] < text);
const total = (numbers) => numbers.reduce((sum, number) => sum + BigInt(number), 0n);
const inOrder = (from, to) => !has(from) || !has(to) || from <= to;

/** The rules that compare values, by their names in the classes. Each is given a value of the right form. */
const FURTHER = {
  ascending,
  each_once: (items) => new Set(items).size === items.length,
  each_unit_once: (sums) => new Set(sums.map(({ unit }) => unit)).size === sums.length,
  each_indicator_once: (targets) => new Set(targets.map(({ indicator }) => indicator)).size === targets.length,
  each_line_once: (lines) => new Set(lines.map((line) => `${line.cost_class}/${line.unit}`)).size === lines.length,
  each_class_once: (limits) => new Set(limits.map(({ cost_class }) => cost_class)).size === limits.length,
  each_channel_once: (channels) => new Set(channels.map(({ channel }) => channel)).size === channels.length,
  apart: (labels) =>
    !labels.some(({ use, from_day, until_day }) => has(until_day) && (until_day < from_day || ["360giving", "accounts", "invoices"].includes(use))) &&
    !labels.some((one) => labels.some((two) => one !== two && one.use === two.use && one.from_day <= two.from_day && (one.until_day ?? "9") >= two.from_day)),
  starts_seen: (text) => text.codePointAt(0) < 0xe0000,
  range: ([start, end]) => start < end,
  ranges: (ranges) => ranges.every(([start], i) => i === 0 || ranges[i - 1][1] < start),
  ratio: ([, denominator]) => denominator !== 0,
  starts_before_it_ends: ({ starts_on, ends_on }) => inOrder(starts_on, ends_on),
  rate_gives_the_amount: ({ unit, to_unit, amount, to_amount, rate }) =>
    unit !== to_unit && BigInt(to_amount) === (BigInt(amount) * BigInt(rate[0])) / BigInt(rate[1]),
  about_one_thing: ({ payments, activity, from_day, to_day }) => {
    const period = [activity, from_day, to_day];
    return (has(payments) ? !period.some(has) : period.every(has)) && inOrder(from_day, to_day);
  },
  documented_by_files: ({ level, document, evidence }) => level !== "documented" || (has(document) && has(evidence)),
  holder_of_the_level: ({ level, holder }) => (level === "holder-signed") === has(holder),
  line_of_the_level: ({ level, line }) => !has(line) || level === "confirmed",
  days_in_order: ({ from_day, to_day }) => inOrder(from_day, to_day),
  named_or_private: ({ entity, name, identifier }) => (entity === "organisation") === has(name) && !(entity === "person" && has(identifier)),
  reaches_somebody: (contact) => Object.keys(contact).length > 1,
  each_key_once: (keys) => new Set(keys.map(({ key }) => key)).size === keys.length,
  costs_sum_to_the_amount: ({ goods, grant, amount }) =>
    !has(goods) || (!has(grant) && total(goods.map((part) => part.cost)) === BigInt(amount)),
  cost_or_not: ({ cost_class, returns, repays, payee, units, goods, grant, invoice }) =>
    [cost_class, returns, repays].filter(has).length === 1 && (has(cost_class) || (has(payee) && ![goods, grant, invoice].some(has))) &&
    (!has(returns) || has(units)),
  lender_of_an_advance: ({ lender, income_class }) => has(lender) === (income_class === "advance"),
  given_together: ({ fee, fee_to }) => has(fee) === has(fee_to),
  fee_of_the_fund: ({ fee, fee_from }) => has(fee) || !has(fee_from),
  asks_one_thing: ({ value, ratio, from_day, until_day }) => has(value) !== has(ratio) && inOrder(from_day, until_day),
  two_units: ({ unit, to_unit }) => unit !== to_unit,
  one_payee: ({ payee, group, purpose, grant, holder }) =>
    has(payee) !== has(group) && !(has(group) && (has(purpose) || has(grant) || has(holder) || group.group_class === "own-use")),
  one_receiver: ({ to, group, grant, holder, private: hidden }) =>
    has(to) !== has(group) && !(has(group) && (has(grant) || has(holder) || has(hidden))),
  two_parties: ({ of, to }) => of !== to,
  corrects_something: ({ day, cost_class, invoice, channel, channel_ref: reference }) =>
    [day, cost_class, invoice, channel].some(has) && (has(channel) || !has(reference)),
  names_units: ({ units, cover }) => has(units) || has(cover),
  rows_add_up: ({ entered, known, left_out, rows }) => total([entered, known, left_out]) === BigInt(rows),
  cells_in_order: ({ cells }) => ascending(cells.map((cell) => cell.code)),
  codes_of_the_period: ({ cells, by }) => cells.every(({ code }) => (code.length === 10) === (by === "day")),
  shares_of_a_hundred: ({ cells }) => 2 * Math.abs(cells.reduce((sum, { share }) => sum + share, 0) - 100) <= cells.length,
};

/** The keywords, rules and kinds that this program supports; a test compares them with the forms. */
export const KNOWN = {
  keywords: [...Object.keys(PLAIN), ...Object.keys(DEEP), ...PART_OF_ANOTHER, "also"],
  rules: Object.keys(FURTHER),
};

/** Check a statement's form. Throws Fault (`schema`); `unknown-kind` or `unknown-member` if this program cannot judge it. */
export function checkStatement(statement) {
  const found = new Found();
  judge(statement, STATEMENT, "statement", found);
  if (found.unknown && nesting(statement) > MAX_NESTING) throw new Fault("schema", "statement: nested too deeply");
  if (found.unknown) throw new Fault(found.unknown.rule, found.unknown.message);
  if (found.wrong) throw new Fault("schema", found.wrong);
}

function nesting(value) {
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((depth, member) => Math.max(depth, 1 + nesting(member)), 1);
}

// The words for what must be true of a record (ledger/books/, under the same names), as far as a bundle can show it. Each is called
// with the context, the names of the fields and their values. A fund that is named here is in the books.

import { DEMANDED_OF_BANKS } from "./bank.js";
import { OF_DAYS } from "./days.js";
import { CURRENCIES, RULES } from "./forms.js";
import { Refused, shown } from "./fault.js";
import { DEMANDED_OF_GRANTS } from "./grants.js";
import { DISPUTES } from "./disputes.js";
import { acknowledged } from "./levels.js";
import { DEMANDED_OF_HOLDERS } from "./holders.js";
import { descends, isFree, MOST_BELOW, sameTree } from "./funds.js";
import { inForceOn } from "./keys.js";
import { highestTaken } from "./life.js";
import { DEMANDED_OF_MANDATES } from "./mandate.js";
import { DEMANDED_OF_REGISTERS } from "./register.js";
import { DEMANDED_OF_RETURNED } from "./returned.js";
import { size } from "./tape.js";
import { checkNotVoid, VOID_DEMANDED } from "./void.js";

// Channels that call a payment nothing.
const NAMELESS = ["cash", "in-kind", "own"];
const KEEPERS = ["custodian", "platform"];

function refuse(rule, message) {
  throw new Refused(rule, message);
}

export const DEMANDED = {
  ...DISPUTES,
  ...DEMANDED_OF_BANKS,
  ...DEMANDED_OF_HOLDERS,
  ...DEMANDED_OF_MANDATES,
  ...DEMANDED_OF_REGISTERS,
  ...OF_DAYS,
  ...VOID_DEMANDED,
  "has-reference": (context, [, field], channel, reference) => {
    if (!reference && !NAMELESS.includes(channel)) context.fault("reference-missing", `${field}: channel ${channel} has a reference for each payment`);
  },
  "as-many": (context, fields, units, amount, unit) => {
    const [named, wanted] = [context.money(unit, size(units ?? [])), context.money(unit, amount)];
    if (units && size(units) !== amount) refuse("reference", `units: they hold ${named}, but the amount is ${wanted}`);
  },
  below: (context, [field], fee, amount, unit) => {
    if (fee >= amount) refuse("fee", `${field} ${context.money(unit, fee)}: must be less than the amount, ${context.money(unit, amount)}`);
  },
  "hides-the-few": (context, [field], cells) => {
    const isSplit = cells.reduce((sum, { gifts }) => sum + gifts, 0) >= 100;
    const few = cells.find(({ gifts }) => gifts < 10);
    if (!isSplit && cells.map(({ code }) => code).join() !== "other") context.fault("statistics-cell", `${field}: fewer than 100 gifts are not split`);
    else if (isSplit && few) context.fault("statistics-cell", `${field}: ${few.code} has fewer than 10 gifts`);
  },
  "may-keep-fees": (context, [field], keeper, fund) => {
    if (context.books.fund.get(fund).owner === keeper) refuse("fee", `${field} ${keeper}: owns the fund of the gift; what it keeps itself is not a fee`);
    if (!context.hasRole(keeper, KEEPERS)) refuse("fee", `${field} ${keeper}: is not a custodian or platform, and only those keep fees`);
  },
  "stays-in-tree": (context, [, field], source, to) => {
    if (!sameTree(context, source, to) || source === to) context.fault("restriction", `${field} ${to}: is not another fund in the tree of ${source}`);
    else if (!isFree(context, source) && !descends(context, to, source)) context.fault("restriction", `${field} ${to}: is not below ${source}`);
  },
  "another-party": (context, [field], payee, source) => {
    if (payee === context.books.fund.get(source).owner) context.fault("self-payment", `${field} ${payee}: owns the fund that the units leave`);
  },
  spendable: (context, [field], id) => {
    if (context.books.fund.get(id).restriction === "endowment") context.fault("restriction", `${field} ${id}: the capital of an endowment is never spent`);
  },
  "kept-within": (context, [, field], source, to) => {
    const isKept = source === to || descends(context, to, source) || (isFree(context, source) && sameTree(context, source, to));
    if (!isKept) context.fault("restriction", `${field} ${to}: goods bought by ${source} must stay in it or below it`);
  },
  "can-cover": (context, [field], id) => {
    const isOwn = context.books.fund.get(id).owner === context.party;
    if (!isOwn || !isFree(context, id)) context.fault("restriction", `${field} ${id}: must be an unrestricted fund of ${context.party}`);
  },
  ...DEMANDED_OF_GRANTS,
  ...DEMANDED_OF_RETURNED,

  returnable: (context, [field], of) => {
    const { kind, yields } = context.disbursement(of, field);
    if (kind !== "payment" || yields === "goods") refuse("reference", `${field} ${of}: is not a payment whose money can come back`);
  },
  "not-come-back": (context, [field], of, amount) => {
    const row = context.disbursement(of, field);
    const left = row.left - highestTaken(row);
    if (amount > left) refuse("return-excess", `${context.money(row.unit, amount)}: only ${context.money(row.unit, left)} of payment ${of} has neither come back nor been taken into a fund`);
  },
  "within-paid": (context, [field], of, amount, level, into) => {
    if (into !== undefined) return;
    const row = context.disbursement(of, field);
    const reached = amount + acknowledged(row, level);
    const [most, was] = [context.money(row.unit, reached), context.money(row.unit, row.amount)];
    if (reached > row.amount) context.fault("receipt-excess", `${level} receipts of ${of} would reach ${most}, but only ${was} was paid`);
  },
  "in-log": (context, fields, of) => context.claim("in-log", of, {}),
  "digests-of": (context, fields, of, digests) => context.claim("digests-of", of, { digests, party: context.party }),
  "of-gift": (context, [field], gift, tape, [units = [], cover = []], [fee = 0, paidBy = ""], day) => {
    checkNotVoid(context.books, context.resolve(gift), `${field} ${gift}`);
    context.claim("of-gift", gift, { tape: tape.join("/"), units, cover, fee, paid_by: paidBy, day });
  },

  "is-new-fund": (context, [field], id) => {
    if (context.books.fund.has(id)) refuse("reference", `${field} ${id}: a fund with that id exists`);
  },
  "can-stand-below": (context, [field], parent, kind) => {
    const above = context.books.fund.get(parent);
    const isTooLow = above.kind === "activity" || (kind === "project" && above.project);
    if (isTooLow) refuse("reference", `${field} ${parent}: ${kind === "project" ? "belongs to a project, and projects do not contain one another" : "is an activity"}`);
    if (above.depth === MOST_BELOW) refuse("reference", `${field} ${parent}: is ${MOST_BELOW} levels below its root, which is the most allowed`);
  },
  "in-project": (context, [field], parent) => {
    if (!context.books.fund.get(parent).project) refuse("reference", `${field} ${parent}: does not belong to a project`);
  },

  "is-new-key": (context, [field], key) => {
    const { books } = context;
    if (books.key.has(key)) refuse("key-standing", `${field} ${key}: belongs to ${books.key.get(key).party} already`);
    if (books.ledger?.logKey === key || [...books.ended.values()].includes(key)) refuse("key-standing", `${field} ${key}: is the log's key`);
  },
  "signed-by-another": (context, [field], key) => {
    const others = context.signers.filter((signer) => signer.party === context.party && signer.key !== key);
    if (!others.length) refuse("key-standing", `${field} ${key}: no key in force of ${context.party} has signed it`);
  },
  "in-force": (context, [field], key) => {
    const row = context.books.key.get(key);
    if (!row || !inForceOn(row, context.day)) refuse("reference", `${field} ${key}: is not in force`);
  },
  "is-new-party": (context, [field], id) => {
    if (context.books.party.has(id)) refuse("reference", `${field} ${id}: this party is already admitted`);
  },
  "tells-of-recovery": (context, fields, party, reason) => {
    context.remark("recovery", `party ${party} was given a new key by ${context.party}: ${reason}`);
  },
  "was-admitted": (context, [field], id) => {
    if (context.books.party.get(id).since === context.leaf.index) refuse("reference", `${field} ${id}: is admitted in this statement`);
  },
  "not-operator": (context, [field], roles) => {
    if (roles.includes("operator")) refuse("reference", `${field}: only entry 0 can name the operator`);
  },

  "stands-first": (context) => {
    if (context.leaf.index || context.number) refuse("reference", "a ledger record can only be record 0.0");
  },
  "stands-alone": ({ number, leaf }) => {
    if (number || leaf.records.length > 1) refuse("reference", "it must be the only record of its statement");
  },
  "known-rules": (context, [field], rules) => {
    if (!Object.hasOwn(RULES, rules)) refuse("rules", `${field} ${shown(rules)}: this program knows ${Object.keys(RULES).join(" and ")} only`);
  },
  "not-log-key": (context, [field], key, logKey) => {
    if (key === logKey) refuse("key-standing", `${field}: is the log's key; a party needs a key of its own`);
  },
  "is-new-unit": (context, [field], unit) => {
    const other = unit === unit.toLowerCase() ? unit.toUpperCase() : unit.toLowerCase();
    const there = [unit, other].find((code) => context.books.unit.has(code));
    if (there) refuse("reference", `${field} ${unit}: ${there} is already declared`);
  },
  "decimals-of": (context, [field], unit, exponent) => {
    const known = CURRENCIES[unit.toUpperCase()];
    if (known === undefined || (unit === unit.toUpperCase() ? exponent === known : !exponent)) return;
    context.remark("exponent", `${field} ${unit}: exponent ${exponent} is not what ISO 4217 gives ${unit.toUpperCase()}, ${known}`);
  },
  "continues-log": (context, [field], { origin, size: entries }) => {
    const { books: { ledger, ended }, leaf } = context;
    if (!ledger || context.number || leaf.records.length > 1) refuse("reference", "a succession must be the only record of its statement");
    if (origin !== ledger.origin) context.fault("ledger", `${field} ${shown(origin)}: the log before this entry is another`);
    if (entries !== leaf.index) context.fault("ledger", `${field} ${entries} entries: there are ${leaf.index} before this one`);
    if (leaf.ledger === ledger.origin || ended.has(leaf.ledger)) context.fault("ledger", `ledger ${shown(leaf.ledger)}: is the name of a log that ended`);
  },
  "is-new-log-key": (context, [field], logKey) => {
    const { ledger, ended, key } = context.books;
    const isOld = logKey === ledger?.logKey || [...ended.values()].includes(logKey);
    if (isOld) context.fault("ledger", `${field}: is the key of a log that ended`);
    if (key.has(logKey)) context.fault("ledger", `${field}: is the key of a party`);
  },
};

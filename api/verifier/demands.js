// The words for what must be true of a record (ledger/books/, under the same names), as far as a bundle can show it. Each is called
// with the context, the names of the fields and their values. A fund that is named here is in the books.

import { OF_DAYS } from "./days.js";
import { RULES } from "./forms.js";
import { Refused, shown } from "./fault.js";
import { acknowledged } from "./life.js";
import { descends, isFree, MOST_BELOW, sameTree } from "./funds.js";
import { inForceOn } from "./keys.js";
import { DEMANDED_OF_MANDATES } from "./mandate.js";
import { size } from "./tape.js";

const TAKE_FEES = ["custodian", "platform"];

function refuse(rule, message) {
  throw new Refused(rule, message);
}

export const DEMANDED = {
  ...DEMANDED_OF_MANDATES,
  ...OF_DAYS,
  "as-many": (context, fields, units, amount, unit) => {
    const [named, wanted] = [context.money(unit, size(units ?? [])), context.money(unit, amount)];
    if (units && size(units) !== amount) refuse("reference", `units: they hold ${named}, but the amount is ${wanted}`);
  },
  below: (context, [field], fee, amount, unit) => {
    if (fee >= amount) refuse("fee", `${field} ${context.money(unit, fee)}: must be less than the amount, ${context.money(unit, amount)}`);
  },
  elsewhere: (context, [field], fund, other) => {
    if (fund === other) refuse("fee", `${field} ${fund}: must go to another fund than the gift`);
  },

  "takes-fees": (context, [field], id) => {
    const { owner, project, restriction } = context.books.fund.get(id);
    const isChannels = context.hasRole(owner, TAKE_FEES) && !project && restriction === "unrestricted";
    if (owner !== context.party && !isChannels) context.fault("authority", `${field} ${id}: belongs to ${owner}, which does not accept fees into it`);
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
  "stays-restricted": (context, [, field], source, to) => {
    if (!isFree(context, source) && isFree(context, to)) context.fault("restriction", `${field} ${to}: is unrestricted, ${source} is not`);
  },
  "kept-within": (context, [, field], source, to) => {
    const isKept = source === to || descends(context, to, source) || (isFree(context, source) && sameTree(context, source, to));
    if (!isKept) context.fault("restriction", `${field} ${to}: goods bought by ${source} must stay in it or below it`);
  },
  "can-cover": (context, [field], id) => {
    const isOwn = context.books.fund.get(id).owner === context.party;
    if (!isOwn || !isFree(context, id)) context.fault("restriction", `${field} ${id}: must be an unrestricted fund of ${context.party}`);
  },
  "fund-of-payee": (context, [field], to, payee) => {
    if (context.books.fund.get(to).owner !== payee) refuse("reference", `${field} ${to}: is not ${payee}'s`);
  },

  returnable: (context, [field], of) => {
    const { kind, yields } = context.disbursement(of, field);
    if (kind !== "payment" || yields) refuse("reference", `${field} ${of}: is not a payment whose money can come back`);
  },
  "not-come-back": (context, [field], of, amount) => {
    const row = context.disbursement(of, field);
    const left = row.amount - row.returned;
    if (amount > left) refuse("return-excess", `${context.money(row.unit, amount)}: only ${context.money(row.unit, left)} of payment ${of} has not come back yet`);
  },
  "within-paid": (context, [field], of, amount, level) => {
    const row = context.disbursement(of, field);
    const [reached, paid] = [amount + acknowledged(row, level), row.amount - row.returned];
    const [most, was] = [context.money(row.unit, reached), context.money(row.unit, paid)];
    if (reached > paid) context.fault("receipt-excess", `${level} receipts of ${of} would reach ${most}, but only ${was} was paid`);
  },
  "in-log": (context, fields, of) => context.claim("in-log", of, {}),
  "digests-of": (context, fields, of, digests) => context.claim("digests-of", of, { digests, party: context.party }),
  "of-gift": (context, fields, gift, tape, [units = [], cover = []], day) => context.claim("of-gift", gift, { tape: tape.join("/"), units, cover, day }),
  "can-be-undone": (context, fields, of) => {
    if (!context.books.allocation.has(context.resolve(of))) context.claim("can-be-undone", of, { party: context.party });
  },

  "is-new-fund": (context, [field], id) => {
    if (context.books.fund.has(id)) refuse("reference", `${field} ${id}: a fund with that id exists`);
  },
  "can-stand-below": (context, [field], parent, kind) => {
    const above = context.books.fund.get(parent);
    const isTooLow = above.kind === "activity" || (kind === "project" && above.project);
    if (isTooLow) refuse("reference", `${field} ${parent}: a ${kind} cannot be below it`);
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

// The words for what must be true of a record (ledger/books/, under the same names), as far as a bundle can show it. Each is called
// with the act, the names of the fields and their values. A fund that is named here is in the books.

import { RULES } from "./forms.js";
import { Refused, shown } from "./fault.js";
import { acknowledged } from "./life.js";
import { descends, inherited, isFree, MOST_BELOW, sameTree } from "./funds.js";
import { size } from "./tape.js";

const TAKE_FEES = ["custodian", "platform"];

function refuse(rule, message) {
  throw new Refused(rule, message);
}

export const DEMANDED = {
  "not-after-today": (act, [field], day) => {
    if (day > act.day) act.fault("time", `${field} ${day}: is after the day of the entry, ${act.day}`);
  },
  "as-many": (act, fields, units, amount, unit) => {
    const [named, wanted] = [act.money(unit, size(units ?? [])), act.money(unit, amount)];
    if (units && size(units) !== amount) refuse("reference", `units: they hold ${named}, but the amount is ${wanted}`);
  },
  below: (act, [field], fee, amount, unit) => {
    if (fee >= amount) refuse("fee", `${field} ${act.money(unit, fee)}: must be less than the amount, ${act.money(unit, amount)}`);
  },
  elsewhere: (act, [field], fund, other) => {
    if (fund === other) refuse("fee", `${field} ${fund}: must go to another fund than the gift`);
  },

  "takes-fees": (act, [field], id) => {
    const { owner, project, restriction } = act.books.fund.get(id);
    const isChannels = act.hasRole(owner, TAKE_FEES) && !project && restriction === "unrestricted";
    if (owner !== act.party && !isChannels) act.fault("authority", `${field} ${id}: belongs to ${owner}, which does not accept fees into it`);
  },
  "stays-in-tree": (act, [, field], source, to) => {
    if (!sameTree(act, source, to) || source === to) act.fault("restriction", `${field} ${to}: is not another fund in the tree of ${source}`);
    else if (!isFree(act, source) && !descends(act, to, source)) act.fault("restriction", `${field} ${to}: is not below ${source}`);
  },
  spendable: (act, [field], id) => {
    if (act.books.fund.get(id).restriction === "endowment") act.fault("restriction", `${field} ${id}: the capital of an endowment is never spent`);
  },
  "stays-restricted": (act, [, field], source, to) => {
    if (!isFree(act, source) && isFree(act, to)) act.fault("restriction", `${field} ${to}: is unrestricted, ${source} is not`);
  },
  "kept-within": (act, [, field], source, to) => {
    const isKept = source === to || descends(act, to, source) || (isFree(act, source) && sameTree(act, source, to));
    if (!isKept) act.fault("restriction", `${field} ${to}: goods bought by ${source} must stay in it or below it`);
  },
  "can-cover": (act, [field], id) => {
    const isOwn = act.books.fund.get(id).owner === act.party;
    if (!isOwn || !isFree(act, id)) act.fault("restriction", `${field} ${id}: must be an unrestricted fund of ${act.party}`);
  },
  "fund-of-payee": (act, [field], to, payee, source) => {
    const { owner } = act.books.fund.get(to);
    if (owner !== payee || owner === act.books.fund.get(source).owner) refuse("reference", `${field} ${to}: is not ${payee}'s`);
  },

  returnable: (act, [field], of) => {
    const { kind, yields } = act.disbursement(of, field);
    if (kind !== "payment" || yields) refuse("reference", `${field} ${of}: is not a payment whose money can come back`);
  },
  "not-come-back": (act, [field], of, amount) => {
    const row = act.disbursement(of, field);
    const left = row.amount - row.returned;
    if (amount > left) refuse("return-excess", `${act.money(row.unit, amount)}: only ${act.money(row.unit, left)} of payment ${of} has not come back yet`);
  },
  "within-paid": (act, [field], of, amount, level) => {
    const row = act.disbursement(of, field);
    const [reached, paid] = [amount + acknowledged(row, level), row.amount - row.returned];
    const [most, was] = [act.money(row.unit, reached), act.money(row.unit, paid)];
    if (reached > paid) act.fault("receipt-excess", `${level} receipts of ${of} would reach ${most}, but only ${was} was paid`);
  },
  "in-log": (act, fields, of) => act.claim("in-log", of, {}),
  "digests-of": (act, fields, of, digests) => act.claim("digests-of", of, { digests, party: act.party }),
  "of-gift": (act, fields, gift, tape, [units = [], cover = []]) => act.claim("of-gift", gift, { tape: tape.join("/"), units, cover }),
  "can-be-undone": (act, fields, of) => {
    if (!act.books.allocation.has(act.resolve(of))) act.claim("can-be-undone", of, { party: act.party });
  },

  "is-new-fund": (act, [field], id) => {
    if (act.books.fund.has(id)) refuse("reference", `${field} ${id}: a fund with that id exists`);
  },
  "as-it-was": (act, [field], id, parent, restriction) => {
    const [old, above] = [act.books.fund.get(id), act.books.fund.get(parent)];
    if (!old) return;
    const isSame = old.owner === act.party && old.parent === (parent ?? "") && old.kind === "fund";
    if (!isSame) refuse("reference", `${field} ${id}: a fund with that id exists with another owner, parent or kind`);
    if (old.restriction !== inherited(restriction, above)) act.fault("restriction", `fund ${id} is ${old.restriction}; that cannot change`);
  },
  "can-stand-below": (act, [field], parent, kind) => {
    const above = act.books.fund.get(parent);
    const isTooLow = above.kind === "activity" || (kind === "project" && above.project);
    if (isTooLow) refuse("reference", `${field} ${parent}: a ${kind} cannot be below it`);
    if (above.depth === MOST_BELOW) refuse("reference", `${field} ${parent}: is ${MOST_BELOW} levels below its root, which is the most allowed`);
  },
  "in-project": (act, [field], parent) => {
    if (!act.books.fund.get(parent).project) refuse("reference", `${field} ${parent}: does not belong to a project`);
  },

  "is-new-key": (act, [field], key) => {
    const { books } = act;
    if (books.key.has(key)) refuse("key-standing", `${field} ${key}: belongs to ${books.key.get(key).party} already`);
    if (books.ledger?.logKey === key || [...books.ended.values()].includes(key)) refuse("key-standing", `${field} ${key}: is the log's key`);
  },
  "signed-by-another": (act, [field], key) => {
    const others = act.signers.filter((signer) => signer.party === act.party && signer.key !== key);
    if (!others.length) refuse("key-standing", `${field} ${key}: no key in force of ${act.party} has signed it`);
  },
  "in-force": (act, [field], key) => {
    if (act.books.key.get(key)?.until !== null) refuse("reference", `${field} ${key}: is not in force`);
  },
  "is-new-party": (act, [field], id) => {
    if (act.books.party.has(id)) refuse("reference", `${field} ${id}: this party is already admitted`);
  },
  "was-admitted": (act, [field], id) => {
    if (act.books.party.get(id).since === act.leaf.index) refuse("reference", `${field} ${id}: is admitted in this statement`);
  },
  "not-operator": (act, [field], roles) => {
    if (roles.includes("operator")) refuse("reference", `${field}: only entry 0 can name the operator`);
  },

  "stands-first": (act) => {
    if (act.leaf.index || act.number) refuse("reference", "a ledger record can only be record 0.0");
  },
  "known-rules": (act, [field], rules) => {
    if (!Object.hasOwn(RULES, rules)) refuse("rules", `${field} ${shown(rules)}: this program knows ${Object.keys(RULES).join(" and ")} only`);
  },
  "not-log-key": (act, [field], key, logKey) => {
    if (key === logKey) refuse("key-standing", `${field}: is the log's key; a party needs a key of its own`);
  },
  "is-new-unit": (act, [field], unit) => {
    const other = unit === unit.toLowerCase() ? unit.toUpperCase() : unit.toLowerCase();
    const there = [unit, other].find((code) => act.books.unit.has(code));
    if (there) refuse("reference", `${field} ${unit}: ${there} is already declared`);
  },
  "continues-log": (act, [field], { origin, size: entries }) => {
    const { books: { ledger, ended }, leaf } = act;
    if (!ledger || act.number || leaf.records.length > 1) refuse("reference", "a succession must be the only record of its statement");
    if (origin !== ledger.origin) act.fault("ledger", `${field} ${shown(origin)}: the log before this entry is another`);
    if (entries !== leaf.index) act.fault("ledger", `${field} ${entries} entries: there are ${leaf.index} before this one`);
    if (leaf.ledger === ledger.origin || ended.has(leaf.ledger)) act.fault("ledger", `ledger ${shown(leaf.ledger)}: is the name of a log that ended`);
  },
  "is-new-log-key": (act, [field], logKey) => {
    const { ledger, ended, key } = act.books;
    const isOld = logKey === ledger?.logKey || [...ended.values()].includes(logKey);
    if (isOld) act.fault("ledger", `${field}: is the key of a log that ended`);
    if (key.has(logKey)) act.fault("ledger", `${field}: is the key of a party`);
  },
};

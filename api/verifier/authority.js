// Who may make a record, and which signatures it needs (ledger/books/authority.py), by the words that the kinds use.

import { SIGNING } from "./forms.js";
import { paidKeys, threshold } from "./funds.js";
import { introductions } from "./rules.js";

export const OVERSEERS = ["auditor", "inspector", "regulator"];
export const CO_SIGNERS = ["auditor", "regulator"];

/** Judge who made the record and who signed it. Faults: `authority`, `approval`. Throws Refused if something named does not
 *  exist. */
export function checkRights(record, context) {
  let [author, ...must] = SIGNING[record.kind];
  if (context.breach.includes("approval") && DEMANDS.overseer(record, context)) {
    // Without that signature nothing is excused.
    [context.breach, must] = [context.breach.filter((rule) => rule !== "approval"), ["overseer"]];
  }
  if (!RELATIONS[author](record, context).includes(context.party)) context.fault("authority", `${record.kind} may not be recorded by ${context.party}`);
  for (const demand of must) {
    const problem = DEMANDS[demand](record, context);
    if (problem) context.fault("approval", `${record.kind} by ${context.party}: ${problem}`);
  }
}

/** The rows of the payments or deliveries that a record names. */
function named({ of, payments }, context) {
  return (payments ?? (of === undefined ? [] : [of])).map((ref) => context.disbursement(ref));
}

function acknowledgers(record, context) {
  const rows = named(record, context);
  const owners = rows.map(({ party }) => party);
  const recipients = rows.map(({ payee }) => payee).filter((payee) => !owners.includes(payee));
  if (record.level === "recipient-signed") return recipients;
  if (record.level === "self-declared") return owners;
  return [...owners, ...recipients].includes(context.party) ? [] : [context.party];
}

function activityParties({ activity }, context) {
  context.seen("fund", activity, "fund");
  const row = context.activity(activity);
  return [row.owner, ...row.implementers];
}

/** The speaking party, if it is a party to every thing that the record is about; or an overseer that is a party to none of them. */
function concerned(record, context) {
  const things = named(record, context).map(({ party, payee }) => [party, payee]);
  if (record.activity !== undefined) things.push(activityParties(record, context));
  const overseen = context.hasRole(context.party, OVERSEERS) && !things.some((parties) => parties.includes(context.party));
  return overseen || (things.length && things.every((parties) => parties.includes(context.party))) ? [context.party] : [];
}

export const RELATIONS = {
  operator: (record, context) => [context.books.ledger?.operator ?? context.party],
  "any party": (record, context) => [context.party],
  "owner of the fund": ({ fund }, context) => [context.row("fund", fund, "fund").owner],
  "owner of the parent fund": ({ parent }, context) => [parent === undefined ? context.party : context.seen("fund", parent, "parent").owner],
  "owner of the disbursement": (record, context) => named(record, context).map(({ party }) => party),
  acknowledger: acknowledgers,
  "owner or implementer of the activity": activityParties,
  "concerned by the disbursement or activity": concerned,
  "holder of the key": ({ key }, context) => [context.row("key", key, "key").party],
  allocator: ({ of }, context) => [context.books.allocation.get(context.resolve(of))?.party ?? context.party],
};

const twoOfficers = (record, { officers }) => (officers.size >= 2 ? "" : "two different officers must sign");
const signedBy = (context, roles) => context.signers.some(({ party }) => party !== context.party && context.hasRole(party, roles));

function aboveThreshold(record, context) {
  const limit = threshold(context.books, record.fund, record.unit);
  const before = Math.max(...paidKeys(record, context).map((key) => context.books.paid.get(key) ?? 0));
  return limit === null || before + record.amount <= limit ? "" : twoOfficers(record, context) && `above the threshold of ${context.money(record.unit, limit)}`;
}

export const DEMANDS = {
  // The bundle does not show whether both officers are still officers.
  "own rule": () => "",
  "two officers above the threshold": aboveThreshold,
  "new key": (record, context) => {
    const missing = introductions(record, context.party).filter(([key]) => !context.fresh.has(key) && !context.books.key.has(key));
    return missing.length ? `the new key ${missing[0][0]} has not signed its introduction` : "";
  },
  overseer: (record, context) => (signedBy(context, OVERSEERS) ? "" : "its breach is of approval, so an auditor, inspector or regulator must sign too"),
  "second signature": (record, context) =>
    context.officers.size >= 2 || signedBy(context, OVERSEERS) ? "" : "a second officer, or an overseer, must sign too",
  "auditor or regulator": (record, context) => (signedBy(context, CO_SIGNERS) ? "" : "an auditor or regulator must sign too"),
};

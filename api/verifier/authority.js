// Who may make a record, and which signatures it needs (ledger/books/authority.py), by the words that the kinds use.

import { exceeded, given } from "./daysums.js";
import { SIGNING } from "./forms.js";
import { isCosigned, OVERSEERS } from "./mandate.js";
import { introductions, valuesOf } from "./rules.js";

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

const signedBy = (context, roles) => context.signers.some(({ party }) => party !== context.party && context.hasRole(party, roles));

// The bundle does not show how many officers the party has. Where it has one, somebody else may sign in place of the second.
const twoOfficers = (record, context) =>
  context.officers.size >= 2 || isCosigned(context) ? "" : "two officers must sign, or, as it has one, its mandate's second or an overseer";

function aboveThreshold(record, context) {
  const passed = exceeded(context, valuesOf("counts", record).map((values) => given(context, ...values)));
  return passed && twoOfficers(record, context) && `${passed}: ${twoOfficers(record, context)}`;
}

export const DEMANDS = {
  // The bundle does not show whether both officers are still officers.
  "own rule": () => "",
  "own rule or delay": () => "",
  "two officers above the threshold": aboveThreshold,
  "new key": (record, context) => {
    const missing = introductions(record, context.party).filter(([key]) => !context.fresh.has(key) && !context.books.key.has(key));
    return missing.length ? `the new key ${missing[0][0]} has not signed its introduction` : "";
  },
  overseer: (record, context) =>
    isCosigned(context) ? "" : "its breach is of approval, so an auditor, inspector or regulator, or its mandate's second, must sign too",
  "second signature": (record, context) => (context.officers.size >= 2 || isCosigned(context) ? "" : "a second officer, or an overseer, must sign too"),
  "auditor or regulator": (record, context) => (signedBy(context, CO_SIGNERS) ? "" : "an auditor or regulator must sign too"),
};

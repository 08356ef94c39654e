// Who may make a record, and which signatures it needs (ledger/books/authority.py), by the words that the kinds use.

import { SIGNING } from "./forms.js";
import { paidKeys, threshold } from "./funds.js";
import { introductions } from "./rules.js";

export const OVERSEERS = ["auditor", "inspector", "regulator"];
export const CO_SIGNERS = ["auditor", "regulator"];

/** Judge who made the record and who signed it. Faults: `authority`, `approval`. Throws Refused if something named does not
 *  exist. */
export function checkRights(record, act) {
  const [author, ...must] = SIGNING[record.kind];
  if (!RELATIONS[author](record, act).includes(act.party)) act.fault("authority", `${record.kind} may not be recorded by ${act.party}`);
  for (const demand of must) {
    const problem = DEMANDS[demand](record, act);
    if (problem) act.fault("approval", `${record.kind} by ${act.party}: ${problem}`);
  }
}

/** The rows of the payments or deliveries that a record names. */
function named({ of, payments }, act) {
  return (payments ?? (of === undefined ? [] : [of])).map((ref) => act.disbursement(ref));
}

function acknowledgers(record, act) {
  const rows = named(record, act);
  const owners = rows.map(({ party }) => party);
  const recipients = rows.map(({ payee }) => payee).filter((payee) => !owners.includes(payee));
  if (record.level === "recipient-signed") return recipients;
  if (record.level === "self-declared") return owners;
  return [...owners, ...recipients].includes(act.party) ? [] : [act.party];
}

function activityParties({ activity }, act) {
  act.seen("fund", activity, "fund");
  const row = act.activity(activity);
  return [row.owner, ...row.implementers];
}

/** The speaking party, if it is a party to every thing that the record is about; or an overseer that is a party to none of them. */
function concerned(record, act) {
  const things = named(record, act).map(({ party, payee }) => [party, payee]);
  if (record.activity !== undefined) things.push(activityParties(record, act));
  const overseen = act.hasRole(act.party, OVERSEERS) && !things.some((parties) => parties.includes(act.party));
  return overseen || (things.length && things.every((parties) => parties.includes(act.party))) ? [act.party] : [];
}

export const RELATIONS = {
  operator: (record, act) => [act.books.ledger?.operator ?? act.party],
  "any party": (record, act) => [act.party],
  "owner of the fund": ({ fund }, act) => [act.row("fund", fund, "fund").owner],
  "owner of the parent fund": ({ parent }, act) => [parent === undefined ? act.party : act.seen("fund", parent, "parent").owner],
  "owner of the disbursement": (record, act) => named(record, act).map(({ party }) => party),
  acknowledger: acknowledgers,
  "owner or implementer of the activity": activityParties,
  "concerned by the disbursement or activity": concerned,
  "holder of the key": ({ key }, act) => [act.row("key", key, "key").party],
  allocator: ({ of }, act) => [act.books.allocation.get(act.resolve(of))?.party ?? act.party],
};

const twoOfficers = (record, { officers }) => (officers.size >= 2 ? "" : "two different officers must sign");
const signedBy = (act, roles) => act.signers.some(({ party }) => party !== act.party && act.hasRole(party, roles));

function aboveThreshold(record, act) {
  const limit = threshold(act.books, record.fund, record.unit);
  const before = Math.max(...paidKeys(record, act).map((key) => act.books.paid.get(key) ?? 0));
  return limit === null || before + record.amount <= limit ? "" : twoOfficers(record, act) && `above the threshold of ${act.money(record.unit, limit)}`;
}

export const DEMANDS = {
  // The bundle does not show whether both officers are still officers.
  "own rule": () => "",
  "two officers above the threshold": aboveThreshold,
  "new key": (record, act) => {
    const missing = introductions(record, act.party).filter(([key]) => !act.fresh.has(key) && !act.books.key.has(key));
    return missing.length ? `the new key ${missing[0][0]} has not signed its introduction` : "";
  },
  "second signature": (record, act) =>
    act.officers.size >= 2 || signedBy(act, OVERSEERS) ? "" : "a second officer, or an overseer, must sign too",
  "auditor or regulator": (record, act) => (signedBy(act, CO_SIGNERS) ? "" : "an auditor or regulator must sign too"),
};

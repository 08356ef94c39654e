// Who may make a record, and which signatures it needs (ledger/books/authority.py), by the words that the kinds use.

import { exceeded, given, givenAgain } from "./daysums.js";
import { SIGNING } from "./forms.js";
import { OWN } from "./levels.js";
import { CHARGES, custodianFor, custodianOf, isCosigned, OVERSEERS, secondsOf } from "./mandate.js";
import { introductions, valuesOf } from "./rules.js";
import { madeBy } from "./void.js";

// What a party keeps went to nobody, so no third party can say that it arrived.
const OWN_USE = "group/own-use";
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

/** Whether a record is what others are judged by (ledger/books/overseeing.py). */
function judgesOthers({ kind, level, of, to }, party) {
  if (kind === "receipt") return level === "third-party";
  return ["feedback", "rate", "requirement"].includes(kind) || (kind === "relation" && party !== of && party !== to);
}

/** The overseers that signed a statement for another party, or say in it what others are judged by. */
export function overseersIn(context) {
  const { leaf, party, signers, fresh } = context;
  const judges = leaf.records.some((record) => judgesOthers(record, party));
  const heard = signers.filter((one) => (one.party === party ? judges : !fresh.has(one.key)));
  return heard.map((one) => one.party).filter((name) => context.hasRole(name, OVERSEERS));
}

/** The rows of the payments or deliveries that a record names. */
function named({ of, payments }, context) {
  return (payments ?? (of === undefined ? [] : [of])).map((ref) => context.disbursement(ref));
}

function acknowledgers(record, context) {
  const rows = named(record, context);
  const owners = rows.map(({ party }) => party);
  const recipients = rows.map(({ payee }) => payee).filter((payee) => !owners.includes(payee));
  if (OWN.includes(record.level)) return owners;
  if (record.level === "holder-signed") return [context.party];
  if (record.level === "recipient-signed") return recipients;
  if (record.level === "confirmed" && record.line) return owners;
  if (record.level === "confirmed") return rows.map(({ party, channel, payee, keeper }) => custodianFor(context, party, channel, [payee], keeper));
  if (rows.some(({ payee }) => payee === OWN_USE)) return [];
  return concernedBy(rows, context).includes(context.party) ? [] : [context.party];
}

/** The parties whose word about payments or deliveries is not a third party's: owner, the second of its mandate now or then, who signed
 *  with it, recipient, operator, those that lead or implement an activity of the project, and whose grant was taken into the tree of
 *  the fund; of bank charges, the custodian of the channel. */
function concernedBy(rows, { books, day }) {
  const funds = rows.map(({ fund }) => books.fund.get(fund)).filter(Boolean);
  return [
    books.ledger?.operator, ...rows.flatMap(({ party, payee, beside }) => [party, payee, ...beside, ...secondsOf(books, party, day)]),
    ...rows.filter(({ payee }) => payee === CHARGES).map(({ party, channel }) => custodianOf(books, party, channel, day)),
    ...funds.flatMap(({ project, root }) => [...(books.works.get(project) ?? []), ...(books.granted.get(root) ?? [])]),
  ];
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
  "operator, regulator or auditor": (record, context) =>
    context.hasRole(context.party, ["auditor", "regulator"]) ? [context.party] : RELATIONS.operator(record, context),
  "any party": (record, context) => [context.party],
  "owner of the fund": ({ fund }, context) => [context.row("fund", fund, "fund").owner],
  "owner of the parent fund": ({ parent }, context) => [parent === undefined ? context.party : context.seen("fund", parent, "parent").owner],
  "one of the two, or an overseer": ({ of, to }, context) => [of, to, ...(context.hasRole(context.party, OVERSEERS) ? [context.party] : [])],
  "owner of the disbursement": (record, context) => named(record, context).map(({ party }) => party),
  acknowledger: acknowledgers,
  "owner or implementer of the activity": activityParties,
  "concerned by the disbursement or activity": concerned,
  "holder of the key": ({ key }, context) => [context.row("key", key, "key").party],
  "maker of the record": ({ of }, context) => [madeBy(context.books, context.resolve(of))?.party ?? context.party],
};

const signedBy = (context, roles) => context.signers.some(({ party }) => party !== context.party && context.hasRole(party, roles));

/** Whether somebody who may signed besides the party, and is not whom the record gives something to. */
function isCosignedFor({ kind, payee, to, custodian, of }, context) {
  const undone = ["correction", "reversal"].includes(kind) ? context.books.disbursement.get(context.resolve(of))?.payee : undefined;
  return isCosigned(context, [undone ?? { payment: payee, delivery: to, exchange: custodian }[kind]]);
}

// The bundle does not show how many officers the party has. Where it has one, somebody else may sign in place of the second.
const twoOfficers = (record, context) =>
  context.officers.size >= 2 || isCosignedFor(record, context) ? "" : "two officers must sign, or, as it has one, its mandate's second or an overseer";

function aboveThreshold(record, context) {
  const again = valuesOf("counts-again", record).flatMap((values) => givenAgain(context, ...values));
  const passed = exceeded(context, [...valuesOf("counts", record).map((values) => given(context, ...values)), ...again]);
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
  // The bundle need not show whether a receipt, by which somebody else had signed, is void.
  "others who signed": () => "",
  overseer: (record, context) =>
    isCosignedFor(record, context) ? "" : "its breach is of approval, so an auditor, inspector or regulator, or its mandate's second, must sign too",
  "second signature": (record, context) => (context.officers.size >= 2 || isCosignedFor(record, context) ? "" : "a second officer, or an overseer, must sign too"),
  "custodian or second signature": (record, context) => {
    const keeper = custodianFor(context, context.row("fund", record.fund, "fund").owner, record.channel);
    return context.signers.some(({ party }) => party === keeper) ? "" : DEMANDS["second signature"](record, context);
  },
  "auditor or regulator": (record, context) => (signedBy(context, CO_SIGNERS) ? "" : "an auditor or regulator must sign too"),
};

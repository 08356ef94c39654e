// The mandate of a party (ledger/books/mandate.py): the limits above which it needs a second signature, who may give it, and how long
// a change waits. Each limit is a clause `[before, after, day]`: what is in force before the day, and from it on.

import { Refused } from "./fault.js";
import { daysAfter } from "./period.js";

export const OVERSEERS = ["auditor", "inspector", "regulator"];
const ONE_OFFICER_DAYS = 3;
const UNSAID = -1;
const KEEPERS = ["custodian", "platform"];
const NOTHING = { thresholds: new Map(), channels: new Map(), second: ["", "", ""], delay: [UNSAID, UNSAID, ""] };

const inForce = ([before, after, since], day) => (since <= day ? after : before);
const mandateOf = (books, party) => books.mandate.get(party) ?? NOTHING;

/** Above this sum to one payee in a day, the party needs two signatures; with 0, always. null if it named no threshold. */
export function threshold(books, party, unit, day) {
  const clause = mandateOf(books, party).thresholds.get(unit);
  const said = clause ? inForce(clause, day) : UNSAID;
  return said === UNSAID ? null : said;
}

/** The party that may sign in place of a second officer; "" if there is none. */
export const secondOf = (books, party, day) => inForce(mandateOf(books, party).second, day);

/** The party that may sign in place of a second officer, and the one that will, if that is pending. */
export function secondsOf(books, party, day) {
  const [before, after, since] = mandateOf(books, party).second;
  return [after, ...(day < since ? [before] : [])].filter(Boolean);
}

/** The payee of what a bank keeps for itself, where no bank is named. */
export const CHARGES = "group/bank-charges";

/** The party that keeps the money in a party's channel; "" if it did not say. */
export const custodianOf = (books, party, channel, day) => inForce(mandateOf(books, party).channels.get(channel) ?? ["", "", ""], day);

/** The custodian of a party's channel, with the role of one, and none of these parties; "" if there is none. A bundle does not show
 *  who is related to them. */
export function custodianFor(context, owner, channel, others = [], entered = "") {
  const keeper = custodianOf(context.books, owner, channel, context.day);
  const isApart = keeper && (entered || keeper) === keeper && ![owner, ...others].includes(keeper) && !others.includes(CHARGES);
  return isApart && context.hasRole(keeper, KEEPERS) ? keeper : "";
}

/** Whether an overseer signed too, or the party that the mandate names as second; none of the payees. A bundle does not show who is
 *  related to them. */
export function isCosigned(context, payees = []) {
  const others = context.signers.filter(({ party }) => ![context.party, ...payees].includes(party));
  const second = secondOf(context.books, context.party, context.day);
  return others.some(({ party }) => party === second || context.hasRole(party, OVERSEERS));
}

/** How many days what a statement changes must wait. A looser mandate waits for whoever signs in place of the second officer too. */
export function delayOf(context, loosens = false) {
  const days = inForce(mandateOf(context.books, context.party).delay, context.day);
  if (days !== UNSAID) return days;
  const cosigned = context.officers.size > 0 && !loosens && isCosigned(context);
  return context.officers.size >= 2 || cosigned ? 0 : ONE_OFFICER_DAYS;
}

/** A clause of which a new mandate says something. What was pending already, and is said again, keeps its day. */
function renewed(clause, said, day, later, loosens) {
  const [now, [, then, since]] = [inForce(clause, day), clause];
  if (!loosens(now, said)) return [said, said, ""];
  return [now, said, since > day && !loosens(then, said) ? since : later];
}

const namesAnother = (now, said) => said !== "" && said !== now;
const isHigher = (now, said) => now !== UNSAID && (said === UNSAID || said > now);
const isShorter = (now, said) => {
  const [from, to] = [now, said].map((days) => (days === UNSAID ? [ONE_OFFICER_DAYS, 0] : [days, days]));
  return to[0] < from[0] || to[1] < from[1];
};

/** As `renewed`, of a party that is trusted: who is no longer named falls at once. */
function renewedName(clause, said, day, later) {
  const [before, then, since] = renewed(clause, said, day, later, namesAnother);
  return [before === then ? before : "", then, since];
}

function renewedAmounts(old, sums, day, later) {
  const said = new Map(sums.map(({ unit, amount }) => [unit, amount]));
  const units = [...new Set([...old.keys(), ...said.keys()])];
  return new Map(units.map((unit) => [unit, renewed(old.get(unit) ?? [UNSAID, UNSAID, ""], said.get(unit) ?? UNSAID, day, later, isHigher)]));
}

function renewedChannels(old, channels, day, later) {
  const said = new Map(channels.map(({ channel, custodian }) => [channel, custodian]));
  const names = [...new Set([...old.keys(), ...said.keys()])];
  return new Map(names.map((name) => [name, renewedName(old.get(name) ?? ["", "", ""], said.get(name) ?? "", day, later)]));
}

export const DEMANDED_OF_MANDATES = {
  "is-another": ({ party }, [field], second) => {
    if (second === party) throw new Refused("reference", `${field} ${second}: is the party itself`);
  },
};

export const REMEMBERED_OF_MANDATES = {
  mandates: (context, { thresholds = [], channels = [], second = "", key_delay_days: delay = UNSAID }) => {
    const { books, party, day } = context;
    const [old, later] = [mandateOf(books, party), daysAfter(day, delayOf(context, true))];
    books.mandate.set(party, {
      thresholds: renewedAmounts(old.thresholds, thresholds, day, later),
      channels: renewedChannels(old.channels, channels, day, later),
      second: renewedName(old.second, second, day, later),
      delay: renewed(old.delay, delay, day, later, isShorter),
    });
  },
};

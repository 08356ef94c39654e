// Whose keys have signed the entries of a bundle: as the books judge it, as far as a bundle permits (ledger/audit/standing.py).
//
// A key has standing from the entry after the one that gives it to a party, entry 0's own from entry 0 on; it may sign its own
// introduction beside one that has standing. Only what the books would have taken counts: the operator named by entry 0 admits
// parties and, with an overseer, recovers them; a party adds and revokes its own keys; what is false is found and gives nobody a key.

import { Refused, shown } from "./fault.js";
import { KINDS } from "./kinds.js";
import { CO_SIGNERS, OVERSEERS } from "./rights.js";

const RULES = "givetrail/1";
const WHOLE = -1;

/** `found`, faults `[id, entry, record, message]`: every signature is by a key with standing, and the party that speaks has signed;
 *  the records of the registry are said and signed by those who may. `acts`, by the index of an entry, who signed it; `party`. */
export function standing(leaves) {
  const register = new Register();
  if (!leaves.has(0)) {
    register.found = [...leaves.values()].flatMap(({ index, party }) => [
      ["key-standing", index, WHOLE, "no key is known: entry 0 is not in the bundle, or cannot be read"],
      ["authority", index, WHOLE, `no key of ${party} is known that has signed its statement`],
    ]);
    return register;
  }
  for (const leaf of leaves.values()) {
    const act = register.hear(leaf);
    if (register.ledger) {
      register.acts.set(leaf.index, act);
      continue;
    }
    const [{ kind }] = leaf.records;
    if (kind !== "ledger") register.found.push(["ledger", 0, WHOLE, `record 0 ${kind}: entry 0 begins with the record that names the ledger`]);
    break;
  }
  return register;
}

/** The parties and keys that the entries heard so far gave standing. `held` are the keys of a party, in force or not. */
class Register {
  constructor() {
    [this.found, this.ledger, this.acts, this.ended] = [[], null, new Map(), new Map()];
    [this.party, this.key, this.unit, this.held] = [new Map(), new Map(), new Map(), new Map()];
  }

  /** Judge one entry, after all before it; who signed it. */
  hear(leaf) {
    const act = this.identified(leaf);
    leaf.records.forEach((record, number) => {
      const notShown = record.kind === "key-revocation" && !this.key.has(record.key);
      if (isOfRegistry(record) && !notShown) this.hearRecord(record, { ...act, number });
    });
    return act;
  }

  /** The parties and officers of the keys that signed, by the state before the entry. */
  identified(leaf) {
    const introduced = new Map(leaf.records.flatMap((record) => introductions(record, leaf.party)));
    const fresh = new Set(leaf.keys.filter((key) => introduced.has(key) && !this.key.has(key)));
    const signers = [];
    for (const key of leaf.keys) {
      const row = this.key.get(key);
      if (row && row.until === null) signers.push({ key, ...row });
      else if (!fresh.has(key)) this.find("key-standing", leaf.index, WHOLE, `key ${key}: ${row ? "was revoked" : "belongs to no party"}`);
      else if (!this.ledger) signers.push({ key, ...introduced.get(key) });
    }
    const officers = new Set(signers.filter(({ party }) => party === leaf.party).map(({ officer }) => officer));
    const own = officers.size > 0;
    if (!own) this.find("authority", leaf.index, WHOLE, `no key of ${leaf.party} has signed its statement`);
    return { leaf, signers, officers, fresh, own };
  }

  find(id, entry, record, message) {
    this.found.push([id, entry, record, `as far as the bundle shows, ${message}`]);
  }

  hearRecord(record, act) {
    const { author, must, check } = REGISTRY[record.kind];
    const [before, { index, party }] = [this.found.length, act.leaf];
    if (record.kind === "recovery" && !this.party.has(record.party)) {
      // Admitted by an entry that is not in the bundle: what it may do is not known here.
      this.party.set(record.party, { roles: OVERSEERS, since: 0 });
    }
    try {
      if (author(this, record, act) !== party) this.find("authority", index, act.number, `${record.kind} is not for ${party} to say`);
      for (const demand of must) {
        const problem = demand(this, record, act);
        if (problem) this.find("approval", index, act.number, `${record.kind} by ${party}: ${problem}`);
      }
      check(this, record, act);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.find(error.rule, index, act.number, error.message);
    }
    if (this.found.length === before && act.own) this.post(record, act);
  }

  post(record, act) {
    const { index, party } = act.leaf;
    REGISTRY[record.kind].post?.(this, record, act);
    for (const [key, holder] of introductions(record, party)) {
      this.key.set(key, { ...holder, until: null });
      this.held.set(holder.party, [...(this.held.get(holder.party) ?? []), key]);
    }
    if (record.kind === "ledger") this.party.set(party, { roles: ["operator"], since: index });
  }

  revoke(key, index) {
    const row = this.key.get(key);
    if (row && row.until === null) this.key.set(key, { ...row, until: index });
  }

  /** A key belongs to one party for ever, and the log's key to none. */
  checkNewKey(key) {
    if (this.key.has(key)) throw new Refused("key-standing", `key ${key}: belongs to ${this.key.get(key).party} already`);
    if (this.ledger?.logKey === key || [...this.ended.values()].includes(key)) throw new Refused("key-standing", `key ${key}: is the log's key`);
  }
}

/** [key, { party, officer }] of the keys that a record gives to a party. */
function introductions(record, speaker) {
  return KINDS[record.kind].introduces?.(record, speaker) ?? [];
}

const byOperator = (register, record, act) => register.ledger?.operator ?? act.leaf.party;
const byAnyParty = (register, record, act) => act.leaf.party;
const byHolder = (register, record) => register.key.get(record.key).party;

function newKeySigns(register, record, act) {
  const missing = introductions(record, act.leaf.party).filter(([key]) => !act.fresh.has(key) && !register.key.has(key));
  return missing.length ? `the new key ${missing[0][0]} has not signed its introduction` : "";
}

function overseerSigns(register, record, act) {
  const others = act.signers.filter(({ party }) => party !== act.leaf.party);
  const overseen = others.some(({ party }) => register.party.get(party)?.roles.some((role) => CO_SIGNERS.includes(role)));
  return overseen ? "" : "no auditor or regulator has signed; one of them has to";
}

function checkRules(register, { rules }) {
  if (rules !== RULES) throw new Refused("rules", `rules ${shown(rules)}: this program knows ${shown(RULES)} only`);
}

function checkLedger(register, record, act) {
  if (act.leaf.index || act.number) throw new Refused("reference", "a ledger record stands at 0.0 only");
  checkRules(register, record);
  if (record.key === record.log_key) throw new Refused("key-standing", "key: is the log's key; a party needs a key of its own");
}

function checkParty(register, { id, roles, key }) {
  if (register.party.has(id)) throw new Refused("reference", `id ${id}: this party is admitted already`);
  if (roles.includes("operator")) throw new Refused("reference", "roles: the operator is named at entry 0 and nowhere else");
  if (key) register.checkNewKey(key);
}

function checkKey(register, { key }, act) {
  register.checkNewKey(key);
  if (!act.signers.some((signer) => signer.party === act.leaf.party && signer.key !== key)) {
    throw new Refused("key-standing", `key ${key}: no key in force of ${act.leaf.party} has signed it`);
  }
}

function checkRevocation(register, { key }) {
  if (register.key.get(key).until !== null) throw new Refused("reference", `key ${key}: is not in force`);
}

function checkRecovery(register, { party, key }, { leaf }) {
  const { since } = register.party.get(party);
  if (leaf.after < since && since < leaf.index) throw new Refused("after", `party ${party}: admitted at entry ${since}, not seen yet`);
  if (since === leaf.index) throw new Refused("reference", `party ${party}: is admitted in this statement`);
  register.checkNewKey(key);
}

function checkUnit(register, { unit }) {
  if (register.unit.has(unit)) throw new Refused("reference", `unit ${unit}: is declared already`);
  const other = unit === unit.toLowerCase() ? unit.toUpperCase() : unit.toLowerCase();
  if (register.unit.has(other)) throw new Refused("reference", `unit ${unit}: ${other} is declared already`);
}

/** The log before this entry ends, and one of another name with another key begins. */
function checkSuccession(register, { continues, log_key: logKey }, { leaf, number }) {
  const { ledger, ended } = register;
  if (!ledger || number || leaf.records.length > 1) throw new Refused("reference", "a succession stands alone in its statement");
  const wrong = (id, message) => register.find(id, leaf.index, number, message);
  if (continues.origin !== ledger.origin) wrong("ledger", `continues ${shown(continues.origin)}: the log before this entry is another`);
  if (continues.size !== leaf.index) wrong("ledger", `continues ${continues.size} entries: ${leaf.index} stand before this one`);
  if (leaf.ledger === ledger.origin || ended.has(leaf.ledger)) wrong("ledger", `ledger ${shown(leaf.ledger)}: is the name of a log that ended`);
  if (logKey === ledger.logKey || [...ended.values()].includes(logKey)) wrong("key-standing", "log_key: is that of a log that ended");
  if (register.key.has(logKey)) wrong("key-standing", "log_key: is a party's");
}

function postSuccession(register, { log_key: logKey }, { leaf }) {
  register.ended.set(register.ledger.origin, register.ledger.logKey);
  register.ledger = { ...register.ledger, origin: leaf.ledger, logKey };
}

/** The kinds of the registry: who says them, what the signatures have to meet, what has to be true, what is remembered. */
const REGISTRY = {
  ledger: {
    author: byOperator, must: [newKeySigns], check: checkLedger,
    post: (register, record, act) => 
      (register.ledger = { operator: act.leaf.party, origin: act.leaf.ledger, logKey: record.log_key }),
  },
  rules: { author: byOperator, must: [], check: checkRules },
  party: {
    author: byOperator, must: [newKeySigns], check: checkParty,
    post: (register, { id, roles }, act) => register.party.set(id, { roles, since: act.leaf.index }),
  },
  key: { author: byAnyParty, must: [newKeySigns], check: checkKey },
  "key-revocation": {
    author: byHolder, must: [], check: checkRevocation, post: (register, { key }, act) => register.revoke(key, act.leaf.index),
  },
  recovery: {
    author: byOperator, must: [overseerSigns, newKeySigns], check: checkRecovery,
    post: (register, { party }, act) => (register.held.get(party) ?? []).forEach((key) => register.revoke(key, act.leaf.index)),
  },
  succession: { author: byOperator, must: [overseerSigns], check: checkSuccession, post: postSuccession },
  unit: {
    author: byOperator, must: [], check: checkUnit,
    post: (register, { unit }) => register.unit.set(unit, true),
  },
};

/** The kinds that are judged here. */
export const REGISTRY_KINDS = Object.keys(REGISTRY);

/** Whether a record is of a kind that is judged here. */
export function isOfRegistry({ kind }) {
  return Object.hasOwn(REGISTRY, kind);
}

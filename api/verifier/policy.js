// A trust policy (C2SP tlog-policy): the logs and witnesses to trust, and the quorum of witnesses that a checkpoint needs.
//
//     log <vkey> [<url>]
//     witness <name> <vkey> [<url>]
//     group <name> all|any|<k> <name>...
//     quorum <name>|none
//
// A witness whose key is not of Ed25519 is passed over: it never counts as having cosigned, and only where the quorum cannot do
// without such witnesses is there no verdict.

import { bytesOf, fromDecimal } from "./canonical.js";
import { fitsNote } from "./ed25519.js";
import { Malformed, Refused, shown } from "./fault.js";
import { LOG_KEY, WITNESS_KEY, formatKey, parseKey, reading } from "./note.js";
import { undamaged } from "./transport.js";

const MAX_POLICY_BYTES = 65_536;
const NONE = "none";
const TIME_BYTES = 8;
const FORBIDDEN = /[\x00-\x08\x0b-\x1f\x7f]/;

/** `{logs, witnesses, groups, quorum}` from a policy's text. Throws Malformed: `policy` with the line number, or `transport`. */
export function parsePolicy(subtle, text) {
  return undamaged(text, "policy", (one) => readPolicy(subtle, one));
}

async function readPolicy(subtle, text) {
  if (bytesOf(text).length > MAX_POLICY_BYTES) throw wrong(`policy: at most ${MAX_POLICY_BYTES} bytes are allowed`);
  if (FORBIDDEN.test(text) || !text.endsWith("\n")) {
    throw wrong("policy: must end in a newline and hold no control characters but tabs");
  }
  const draft = new Draft(subtle);
  for (const [number, line] of text.split("\n").entries()) {
    const words = line.match(/[^ \t]+/g) ?? [];
    if (words.length && !words[0].startsWith("#")) {
      await reading(`policy line ${number + 1}`, "policy", () => draft.read(words));
    }
  }
  if (!draft.quorum) throw wrong("policy: has no quorum line; write `quorum none` to ask for no witness");
  return draft;
}

class Draft {
  constructor(subtle) {
    this.subtle = subtle;
    [this.logs, this.witnesses, this.groups, this.quorum] = [[], [], [], ""];
    [this.names, this.grouped] = [new Set([NONE]), new Set([NONE])];
  }

  async read(words) {
    const [what, name, third, ...others] = words;
    if (what === "log" && words.length >= 2 && words.length <= 3) {
      this.logs.push(await this.logKey(name));
    } else if (what === "witness" && words.length >= 3 && words.length <= 4) {
      this.define(name);
      this.witnesses.push({ ...(await this.witnessKey(third)), called: name });
    } else if (what === "group" && others.length) {
      this.group(name, third, others);
    } else if (what === "quorum" && words.length === 2 && this.names.has(name) && !this.quorum) {
      this.quorum = name;
    } else {
      throw wrong(`${shown(words.join(" "))} does not declare a log, a witness, a group, or the single quorum of a name above`);
    }
  }

  group(name, share, members) {
    const threshold = share === "any" ? 1 : share === "all" ? members.length : fromDecimal(share, members.length);
    if (threshold === 0) throw wrong("a group needs at least 1 of its members");
    for (const member of members) {
      if (!this.names.has(member) || this.grouped.has(member)) {
        throw wrong(`${shown(member)} is not defined above, or is in a group already`);
      }
      this.grouped.add(member);
    }
    this.define(name);
    this.groups.push({ name, threshold, members });
  }

  define(name) {
    if (this.names.has(name)) throw wrong(`the name ${shown(name)} is taken`);
    this.names.add(name);
  }

  async logKey(text) {
    const key = await parseKey(this.subtle, text);
    if (key.algorithm !== LOG_KEY) throw wrong(`key ${key.name}: must be of algorithm ${LOG_KEY}`);
    return checkNew(key, this.logs);
  }

  async witnessKey(text) {
    const key = await parseKey(this.subtle, text);
    if (key.algorithm === LOG_KEY) throw wrong(`key ${key.name}: is a log's`);
    return checkNew(key, this.witnesses);
  }
}

function checkNew(key, others) {
  const whole = ({ algorithm, bytes }) => `${algorithm} ${bytes}`;
  if (others.some((other) => whole(other) === whole(key))) throw wrong(`key ${key.name}: is given above already`);
  return key;
}

function wrong(why) {
  return new Malformed("policy", why);
}

/** Whether a checkpoint needs cosignatures. */
export function asksWitnesses(policy) {
  return policy.quorum !== NONE;
}

/** The witnesses whose cosignatures cannot be checked here: `{witness, type}`, their name and the type of their key in hex. */
export function passedOver(policy) {
  return policy.witnesses.filter(isPassedOver).map(({ called, algorithm }) => ({ witness: called, type: typeOf(algorithm) }));
}

function isPassedOver({ algorithm }) {
  return algorithm !== WITNESS_KEY;
}

function typeOf(algorithm) {
  return `0x${algorithm.toString(16).padStart(2, "0")}`;
}

/** Check that one of the policy's logs signed the checkpoint and the quorum cosigned it. Throws Refused. */
export async function checkCheckpoint(subtle, policy, note, checkpoint) {
  const keys = policy.logs.filter((key) => key.name === checkpoint.origin);
  if (!keys.length) {
    throw new Refused("trust-anchor", `checkpoint of ${shown(checkpoint.origin)}: the policy does not name this log; get the policy of this log`);
  }
  await checkLogs(subtle, keys, note);
  checkQuorum(policy, await cosigners(subtle, policy.witnesses, note, checkpoint));
}

function checkQuorum(policy, names) {
  const held = heldBy(policy, names);
  if (!asksWitnesses(policy) || held.has(policy.quorum)) return;
  const short = `cosigned by ${listed(held) || "nobody"}, which does not reach the quorum ${shown(policy.quorum)}`;
  const unknown = passedOver(policy).map(({ witness }) => witness);
  if (heldBy(policy, [...names, ...unknown]).has(policy.quorum)) {
    const why = "because this version does not know their types of key; use givetrail verify";
    throw new Refused("unknown-witness", `${short}; whether with ${listed(unknown)} cannot be checked, ${why}`);
  }
  throw new Refused("witness-quorum", short);
}

/** These names, and the groups whose threshold they reach. */
function heldBy(policy, names) {
  const held = new Set(names);
  for (const group of policy.groups) {
    if (group.members.filter((member) => held.has(member)).length >= group.threshold) held.add(group.name);
  }
  return held;
}

function listed(names) {
  return [...names].sort().join(", ");
}

async function checkLogs(subtle, keys, note) {
  let signed = false;
  for (const [signature, key] of known(keys, note)) {
    if (!(await fitsNote(subtle, key.bytes, signature.bytes, bytesOf(note.text)))) {
      throw new Refused("checkpoint-signature", `the signature of ${key.name}+${key.id} is false`);
    }
    signed = true;
  }
  if (!signed) throw new Refused("checkpoint-signature", `the checkpoint is not signed by ${keys.map(formatKey).join(", ")}`);
}

/** The names of the witnesses that cosigned. One false cosignature makes the checkpoint refused. */
async function cosigners(subtle, witnesses, note, checkpoint) {
  const held = new Set();
  for (const [signature, witness] of known(witnesses.filter((one) => !isPassedOver(one)), note)) {
    const time = signature.bytes.subarray(0, TIME_BYTES).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
    const message = bytesOf(`cosignature/v1\ntime ${time}\n${checkpoint.text}`);
    if (time >= 2n ** 63n || !(await fitsNote(subtle, witness.bytes, signature.bytes.subarray(TIME_BYTES), message))) {
      throw new Refused("witness-quorum", `the cosignature of ${witness.name}+${witness.id} is false`);
    }
    held.add(witness.called);
  }
  return held;
}

/** The signatures in a note that are by these keys, each with its key. */
function known(keys, note) {
  const named = new Map(keys.map((key) => [`${key.name}+${key.id}`, key]));
  const pairs = note.signatures.map((signature) => [signature, named.get(`${signature.name}+${signature.id}`)]);
  return pairs.filter(([, key]) => key !== undefined);
}

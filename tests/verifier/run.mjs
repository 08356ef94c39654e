// Answers questions to the verifier of api/verifier, one JSON object a line on stdin, one answer a line on stdout.
//
//     {"bundle": base64, "policy": text, "crypto": "full"}     what verifyBundle says
//     {"key": hex, "signature": hex, "message": hex}           {"party_key", "statement", "note"}: what the rules say of them
//     {"leaf": hex, "index": …, "size": …, "proof": [hex], "root": hex}    whether the proof leads from the leaf to the root
//     {"json": base64}                                         {"canonical": …, "profile": …}
//     {"statement": base64}                                    {"rule": "" or the rule that it breaks}
//     {"gift": …, "language": "en" or "zh-CN"}                 the sentence that is said of a gift
//     {"known": true}                                          what the module knows, and its forms

import { createInterface } from "node:readline";
import { encode, outsideProfile, parse } from "../../api/verifier/canonical.js";
import { fitsNote, fitsStatement, isPartyKey } from "../../api/verifier/ed25519.js";
import * as forms from "../../api/verifier/forms.js";
import { KNOWN, checkStatement } from "../../api/verifier/schema.js";
import { verifyInclusion } from "../../api/verifier/merkle.js";
import { SETTLED } from "../../api/verifier/claims.js";
import { DEMANDED } from "../../api/verifier/demands.js";
import { REMEMBERED } from "../../api/verifier/memory.js";
import { DEMANDS, RELATIONS } from "../../api/verifier/authority.js";
import { LEGS, NESTING } from "../../api/verifier/rules.js";
import { STATES } from "../../api/verifier/life.js";
import { LANGUAGES } from "../../api/verifier/strings.js";
import { NOT_CHECKED, PROVED, UNKNOWN, verifyBundle } from "../../api/verifier/verify.js";

const { subtle } = globalThis.crypto;

/** WebCrypto as other browsers have it, or as a broken one might. */
const CRYPTO = {
  full: subtle,
  none: null,
  "no Ed25519": changed({ importKey: async () => { throw new DOMException("Unrecognized algorithm name", "NotSupportedError"); } }),
  "always yes": changed({ verify: async () => true }),
  "always no": changed({ verify: async () => false }),
  "yes as a text": changed({ verify: async (...given) => String(await subtle.verify(...given)) }),
  "fails later": changed({ digest: async () => { throw new Error("out of memory"); } }),
};

function changed(methods) {
  const kept = Object.fromEntries(["digest", "importKey", "verify"].map((name) => [name, subtle[name].bind(subtle)]));
  return { ...kept, ...methods };
}

const bytes = (text, form = "base64") => new Uint8Array(Buffer.from(text, form));

async function answer(asked) {
  if ("bundle" in asked) return verifyBundle(bytes(asked.bundle), asked.policy, { subtle: CRYPTO[asked.crypto ?? "full"], asOf: asked.as_of ?? "" });
  if ("gift" in asked) return LANGUAGES[asked.language].sentence(asked.gift);
  if ("key" in asked) return judgedKey(bytes(asked.key, "hex"), bytes(asked.signature, "hex"), bytes(asked.message, "hex"));
  if ("leaf" in asked) return judgedProof(asked);
  if ("json" in asked) return judgedJson(bytes(asked.json));
  if ("statement" in asked) return { rule: ruleOf(() => checkStatement(parse(bytes(asked.statement), "statement"))) };
  const kinds = Object.keys(forms.KINDS);
  const rights = { relations: Object.keys(RELATIONS), demands: Object.keys(DEMANDS) };
  const words = Object.fromEntries(Object.entries({ DEMANDED, LEGS, REMEMBERED, SETTLED, NESTING }).map(([name, table]) => [name, Object.keys(table)]));
  const own = { not_checked: NOT_CHECKED, proved: PROVED, words, registry: forms.REGISTRY, states: STATES, unknown: UNKNOWN, ...rights };
  const languages = { en: worded(LANGUAGES.en), "zh-CN": worded(LANGUAGES["zh-CN"]) };
  return { ...KNOWN, kinds, gifts: forms.GIFTS, forms, languages, ...own };
}

/** A table of texts as JSON holds it. */
function worded(table) {
  return Object.fromEntries(Object.entries(table).map(([name, text]) => [name, typeof text === "function" ? "" : text]));
}

async function judgedKey(key, signature, message) {
  const [statement, note] = [await fitsStatement(subtle, key, signature, message), await fitsNote(subtle, key, signature, message)];
  return { party_key: isPartyKey(key), statement, note };
}

async function judgedProof({ leaf, index, size, proof, root }) {
  const [from, steps, to] = [bytes(leaf, "hex"), proof.map((step) => bytes(step, "hex")), bytes(root, "hex")];
  try {
    await verifyInclusion(subtle, from, index, size, steps, to);
    return true;
  } catch (error) {
    if (error.rule !== "inclusion") throw error;
    return false;
  }
}

function judgedJson(raw) {
  let value;
  const rule = ruleOf(() => (value = parse(raw, "text")));
  return rule ? { canonical: false } : { canonical: true, profile: !outsideProfile(value, "text"), encoded: encode(value) };
}

function ruleOf(step) {
  try {
    step();
    return "";
  } catch (error) {
    if (!error.rule) throw error;
    return error.rule;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}

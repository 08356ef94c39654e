// Holders: a one-time key, whose digest a record holds, answers it (ledger/books/holders.py).

import { fromBase64, toBase64 } from "./canonical.js";
import { Refused } from "./fault.js";

const RULE = "holder";

/** The digests of what the records of an entry open, by salt and key: SHA-256 of the salt's 16 bytes and the key's 32. */
export async function digestsOf(subtle, records) {
  const found = new Map();
  for (const { holder } of records) {
    if (typeof holder !== "object") continue;
    const bytes = new Uint8Array([...fromBase64(`${holder.salt.replaceAll("-", "+").replaceAll("_", "/")}==`, 16), ...fromBase64(holder.key, 32)]);
    found.set(nameOf(holder), inUrls(await subtle.digest("SHA-256", bytes)));
  }
  return found;
}

const inUrls = (digest) => toBase64(new Uint8Array(digest)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
const nameOf = ({ salt, key }) => `${salt} ${key}`;

export const DEMANDED_OF_HOLDERS = {
  "opens-holder": (context, [field, opening], of, { salt, key }) => {
    const { books, leaf } = context;
    const name = context.resolve(of, field);
    if (!leaf.keys.includes(key)) throw new Refused(RULE, `${opening}: key ${key} has not signed the statement`);
    const isTaken = context.signers.some((signer) => signer.key === key) || books.ledger?.logKey === key || [...books.ended.values()].includes(key);
    if (isTaken) throw new Refused(RULE, `${opening}: key ${key} is the key of a party or of a log`);
    const answered = books.answered.get(key) ?? name;
    if (answered !== name) throw new Refused(RULE, `${opening}: key ${key} has answered ${answered}; a key answers one record only`);
    context.claim("opens-holder", of, { digest: leaf.opened.get(nameOf({ salt, key })) });
  },
};

export const REMEMBERED_OF_HOLDERS = {
  "answers-holder": (context, record, flows, of, { key }) => context.books.answered.set(key, context.resolve(of)),
};

/** The record named holds the digest. */
export function holdsDigest({ digest }, { record }) {
  if (record.holder !== digest) throw new Refused(RULE, "holder: the record named does not hold the digest of this salt and key");
}

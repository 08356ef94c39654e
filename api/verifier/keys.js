// Which key is in force when, as far as a bundle shows it (ledger/books/keys.py, ledger/bundle/signers.py). A revocation that takes
// effect after a delay may have been withdrawn by an entry that is not in the bundle, so only those that took effect at once count.

import { delayOf } from "./mandate.js";
import { daysAfter } from "./period.js";

/** Whether a key is in force on a day. */
export const inForceOn = ({ from, until }, day) => from <= day && until === null;

/** Give a party a key. Its row, which the books of what else a bundle says have too, gets since when it can sign receipts. */
function hold({ books, leaf, party }, record, key, officer, holder = party, from = "") {
  books.key.set(key, { party: holder, officer, from, since: leaf.index, until: null });
  books.held.set(holder, [...(books.held.get(holder) ?? []), key]);
  const [row, given] = [books.party.get(holder), [record, ...(record.keys ?? [])].find((one) => one.key === key)];
  const signsReceipts = (given?.kinds ?? ["receipt"]).includes("receipt");
  if (row && row.keyedSince === undefined && signsReceipts) books.party.set(holder, { ...row, keyedSince: leaf.index });
}

function revoke({ books, leaf }, key) {
  const row = books.key.get(key);
  if (row?.until === null) books.key.set(key, { ...row, until: leaf.index });
}

export const REMEMBERED_OF_KEYS = {
  "gives-key": (context, record, flows, key, officer, holder) => hold(context, record, key, officer, holder),
  "gives-key-later": (context, record, flows, key, officer) => hold(context, record, key, officer, undefined, daysAfter(context.day, delayOf(context))),
  limits: ({ books }, record, flows, key, kinds) => {
    const row = books.key.get(key);
    if (row && kinds) books.key.set(key, { ...row, kinds });
  },
  revokes: (context, record, flows, key) => {
    if (context.signers.some((signer) => signer.key === key) || delayOf(context) === 0) revoke(context, key);
  },
  withdraws: (context, record, flows, key) => {
    if (context.books.key.get(key)?.from > context.day) revoke(context, key);
  },
  "revokes-all": (context, record, flows, id) => {
    for (const key of context.books.held.get(id) ?? []) revoke(context, key);
  },
};

// The twin of the word `doubles` (matching.py). A kind of the ledger has it in demands.js and claims.js.

import { SETTLED } from "./claims.js";
import { DEMANDED } from "./demands.js";
import { Refused } from "./fault.js";
import { GIFTS } from "./forms.js";
import { flowsOf } from "./tape.js";

const whole = () => [[0, 1]];
const all = () => [[0, Number.MAX_SAFE_INTEGER]];

DEMANDED.doubles = (act, fields, gift, tape, amount) => act.claim("doubles", gift, { tape: tape.join("/"), amount });
SETTLED.doubles = {
  judge: ({ tape, amount }, { record, rows }) => {
    const isIt = GIFTS.includes(record.kind) && record.amount === amount && flowsOf(rows, "+")[0][0] === tape;
    if (!isIt) throw new Refused("reference", "gift: is no gift of that amount to that fund");
  },
  units: whole,
  bars: [["doubles", whole, "reference"], ["of-gift", all, "reference"]],
};

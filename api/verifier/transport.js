// Damage in transport: what editors, mail and text-mode file transfer do to a text. Such a file was not forged, so the verdict on
// it is *could not verify*, with a description of the damage.

import { Fault, Malformed } from "./fault.js";

const RECODED = "it is UTF-16, so save it as UTF-8 without a byte order mark";
const MARKED = "it begins with a byte order mark, so save it as UTF-8 without one";
const ENDED = "its lines end as on Windows (CR LF), so save it with Unix line ends (LF)";
const ADDED = "a line end was added after the last one, so remove it";

/** The result of `read`. If it can read the text only after known damage is undone, throws Malformed (`transport`). */
export async function undamaged(text, what, read) {
  try {
    return await read(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    for (const [whole, damage] of undone(text)) {
      if (damage.length && (await reads(read, whole))) {
        throw new Malformed("transport", `${what}: was changed in transit, so it cannot be verified: ${damage.join("; ")}; or get it again`);
      }
    }
    throw error;
  }
}

async function reads(read, text) {
  try {
    await read(text);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.rule === "version";
  }
}

/** [what the text may have been, the damage that would have changed it into this one]. */
function* undone(text) {
  const mark = text.startsWith("\ufeff") ? [MARKED] : [];
  const rest = mark.length ? text.slice(1) : text;
  const unix = rest.replace(/\r*\n|\r/g, "\n");
  yield [unix, [...mark, ...(unix === rest ? [] : [ENDED])]];
  const bare = unix.replace(/\n+$/, "");
  const ended = rest.replace(/[\r\n]+$/, "").includes("\r") ? [ENDED] : [];
  for (const whole of [`${bare}\n`, bare]) yield [whole, [...mark, ...ended, ...(whole.length < unix.length ? [ADDED] : [])]];
}

/** The same for bytes, which may be UTF-16 too; `read` takes bytes. */
export function undamagedBytes(bytes, what, read) {
  const encoding = { "255,254": "utf-16le", "254,255": "utf-16be" }[String(bytes.subarray(0, 2))];
  const text = new TextDecoder(encoding ?? "utf-8", { ignoreBOM: true }).decode(bytes);
  const said = (error) => (encoding && error.rule === "transport" ? new Malformed("transport", error.message.replace(MARKED, RECODED)) : error);
  const first = (one) => read(one === text ? bytes : new TextEncoder().encode(one));
  return undamaged(text, what, first).catch((error) => Promise.reject(said(error)));
}

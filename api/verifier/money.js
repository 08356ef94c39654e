// Amounts as people read them.

/** 1250 with exponent 2 → `"12.50 CNY"`; no grouping, so that the text can be searched and read back. */
export function money(minor, exponent, unit) {
  const digits = String(minor).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  return `${whole}${exponent ? `.${digits.slice(-exponent)}` : ""} ${unit}`;
}

/** The units [start, end) of a fund in a message, and their value if it is known. */
function unitsOf(start, end, worth) {
  const units = `units ${start} to ${end}`;
  return worth ? `${worth} (${units})` : units;
}

/** The unit of a tape; `declared` are the units of account that are known. */
export function onTape(declared, tape, start, end) {
  const unit = tape.slice(tape.indexOf("/") + 1);
  return unitsOf(start, end, declared.has(unit) ? money(end - start, declared.get(unit).exponent, unit) : "");
}

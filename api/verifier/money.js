// Amounts as people read them.

/** 1250 with exponent 2 → `"12.50 CNY"`; no grouping, so that the text can be searched and read back. */
export function money(minor, exponent, unit) {
  const digits = String(minor).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  return `${whole}${exponent ? `.${digits.slice(-exponent)}` : ""} ${unit}`;
}

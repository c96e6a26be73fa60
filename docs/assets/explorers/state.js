/**
 * What an explorer shows, as text in the address: `?loss=z:-8,y:1`. Only what differs from the start is written.
 * Addresses come from anywhere, so each value is checked against its field; what does not fit falls back.
 *
 * A field is {value, min, max} for a number, {value, options} for a choice, or brings its own `read` and `write`.
 */

/** The field's value closest to `text`, or its start value where the text makes no sense. */
export function readField(field, text) {
  if (field.read) return field.read(text) ?? field.value;
  if (field.options) return field.options.find((option) => String(option) === text) ?? field.value;
  const number = text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(number) ? Math.min(Math.max(number, field.min), field.max) : field.value;
}

const writeField = (field, value) => (field.write ? field.write(value) : String(+value === value ? +value.toPrecision(7) : value));

/** The state that `text` describes, complete: every field has a value. */
export function parseState(fields, text) {
  const state = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]));
  for (const part of (text ?? "").split(",")) {
    const cut = part.indexOf(":");
    const name = part.slice(0, cut);
    if (cut > 0 && Object.hasOwn(fields, name)) state[name] = readField(fields[name], part.slice(cut + 1));
  }
  return state;
}

/** The shortest text from which `parseState` gives this state back (numbers to 7 digits). */
export function formatState(fields, state) {
  return Object.entries(fields)
    .filter(([name, field]) => writeField(field, state[name]) !== writeField(field, field.value))
    .map(([name, field]) => `${name}:${writeField(field, state[name])}`)
    .join(",");
}

/** `search` ("?a=1&loss=z:2") with `key` set to `text`, or taken out where the text is empty; the rest stays as it is. */
export function withState(search, key, text) {
  const parts = search.replace(/^\?/, "").split("&").filter((part) => part && !part.startsWith(`${key}=`));
  if (text) parts.push(`${key}=${text}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

export const readAddress = (search, key) => new URLSearchParams(search).get(key);

/** Shows the state in the address bar: no new entry in the history, the anchor stays. */
export function writeAddress(key, text) {
  const address = location.pathname + withState(location.search, key, text) + location.hash;
  if (address !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", address);
}

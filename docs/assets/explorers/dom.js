/** Small helpers for HTML and SVG, and numbers as the site prints them. */

/** Gives an element its attributes, listeners and children. */
export function build(element, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export const html = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  build(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

export const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

export const superscript = (n) => String(n).replace(/[-\d]/g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));

/** A number as the site prints it: `digits` significant digits, a true minus sign, commas, powers of ten beyond 10^-4 and 10^6. */
export function num(value, digits = 4) {
  if (value === 0 || Number.isNaN(value)) return Number.isNaN(value) ? "NaN" : "0";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const text =
    size < 1e-4 || size >= 1e6
      ? `${+mantissa}×10${superscript(+exponent)}`
      : String(+value.toPrecision(Math.max(digits, Math.floor(Math.log10(size)) + 1)));
  return (size < 1000 ? text : text.replace(/\B(?=(\d{3})+(?!\d))/g, ",")).replace("-", "−");
}

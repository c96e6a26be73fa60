/** Both losses beside each other: in a chart, and in a table. */

import { html } from "./chart.js";

export const BOTH = ["mse", "bce"];

const sides = (...heights) => heights.flatMap((dy) => [[10, dy], [-10, dy]]);
const ABOVE = sides(-9, -17);
const BELOW = sides(18, 26);
const FAR = [...sides(-26, 34, -34), [-44, -9], [-44, 12]];

/**
 * Dots {mse: [x, y, text], bce: ...} with their texts: if they can, the upper one's above and the lower one's below. A fourth
 * entry, true, says that the value lies beyond the chart: then there is no dot.
 */
export function pair(chart, places) {
  const [up, down] = [...BOTH].sort((a, b) => places[b][1] - places[a][1]);
  for (const name of [up, down]) if (!places[name][3]) chart.dot(...places[name].slice(0, 2), `xp-dot xp-${name}`);
  // The lower one first: where both have to stand above their dots they stand in the dots' order.
  for (const name of [down, up]) {
    const [x, y, text = ""] = places[name];
    chart.text(x, y, `${name.toUpperCase()} ${text}`.trim(), `xp-${name}`, [...(name === up ? [...ABOVE, ...BELOW] : [...BELOW, ...ABOVE]), ...FAR]);
  }
}

/** A table with a column for each loss; a row is its name and what stands before the two values, if anything. */
export function table(rows) {
  const head = BOTH.map((name) => html("th", { scope: "col", class: `xp-${name}` }, name.toUpperCase()));
  const body = rows.map(([name, ...before]) => html("tr", {}, html("th", { scope: "row" }, name), ...BOTH.map((_, j) => html("td", {}, ...(before[j] ?? []), html("b")))));
  // The caption has its height from the start.
  return html("table", { class: "xp-table" }, html("caption", {}, "\u00a0"), html("thead", {}, html("tr", {}, html("td"), ...head)), html("tbody", {}, ...body));
}

/** Gradient flow of the logit of one positive example from -a: when it comes where, how both losses compare, and the wait in words. */

import { num } from "./dom.js";
import { LOSSES } from "./math.js";

/** Time from -a to 0 with MSE, divided by that with BCE, at the same rate. */
export const timesAsLong = (a) => LOSSES.mse.escape(a) / LOSSES.bce.escape(a);

/** Time from -a to z. */
export const timeTo = (name, a, z) => LOSSES[name].escape(a) - LOSSES[name].escape(-z);

/** Where between -a and 0 the logit is at a time: the last place that it has passed, by halving. */
export function logitAt(name, a, time) {
  let [low, high] = [-a, 0];
  if (timeTo(name, a, high) <= time) return high;
  for (let i = 0; i < 52; i++) {
    const middle = (low + high) / 2;
    if (timeTo(name, a, middle) <= time) low = middle;
    else high = middle;
  }
  return low;
}

const UNITS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

/** A factor as it is said: "2,005", "23 million". */
export const factor = (ratio) => (ratio < 1e6 ? num(ratio, 2) : `${num(ratio / 1e6, 2)} million`);

/** Seconds in the largest unit of which there are at least two, with two digits: "33 minutes". */
export function duration(seconds) {
  const [size, unit] = UNITS.find(([size]) => seconds >= 2 * size) ?? UNITS.at(-1);
  const count = num(seconds / size, 2);
  return `${count} ${unit}${count === "1" ? "" : "s"}`;
}

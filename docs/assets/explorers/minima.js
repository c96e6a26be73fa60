/** The landscape of one weight: its loss, its stationary points, and where going downhill ends. */

import { LOSSES } from "./math.js";

/**
 * The mean loss of one weight theta over groups of examples: each group is [x, y, count], its logit is theta x.
 * `order` chooses the value (0), the first (1) or the second (2) derivative in theta.
 */
export function oneWeight(name, groups, theta, order = 0) {
  const f = LOSSES[name][["value", "gradient", "second"][order]];
  let [total, size] = [0, 0];
  for (const [x, y, count] of groups) {
    total += count * f(y, theta * x) * x ** order;
    size += count;
  }
  return total / size;
}

/**
 * The stationary points of the one-weight loss, ascending: [{theta, value, minimum}]. A sign change of the gradient is
 * looked for on a grid that is even in asinh(theta / 0.001), then halved 60 times. Two that lie between the same two
 * grid points are not seen.
 */
export function stationaryPoints(name, groups, reach = 1000, cells = 3000) {
  const end = Math.asinh(reach / 1e-3);
  const at = (i) => 1e-3 * Math.sinh(end * ((2 * i) / cells - 1) + 1e-9);
  const slopeAt = (theta) => oneWeight(name, groups, theta, 1);
  const found = [];
  let [left, before] = [at(0), slopeAt(at(0))];
  for (let i = 1; i <= cells; i++) {
    const right = at(i);
    const after = slopeAt(right);
    if (before * after < 0) {
      const theta = bisect((t) => slopeAt(t) * before <= 0, left, right);
      found.push({ theta: Math.abs(theta) < 1e-12 ? 0 : theta, value: oneWeight(name, groups, theta), minimum: before < 0 });
    }
    if (after !== 0) [left, before] = [right, after];
  }
  return found;
}

/** Where going downhill from `start` ends, by the list of stationary points: at the next minimum, or at an infinite theta. */
export function downhill(stationary, slopeAtStart, start) {
  const minima = stationary.filter((point) => point.minimum).map((point) => point.theta);
  return slopeAtStart < 0 ? (minima.find((t) => t >= start) ?? Infinity) : (minima.findLast((t) => t <= start) ?? -Infinity);
}

/** Where `holds` turns from false (at `a`) to true (at `b`). */
export function bisect(holds, a, b, rounds = 60) {
  for (let i = 0; i < rounds; i++) {
    const middle = (a + b) / 2;
    if (holds(middle)) b = middle;
    else a = middle;
  }
  return b;
}

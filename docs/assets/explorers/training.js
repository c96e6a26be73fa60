/** What the race and the trap train. */

import { LOSSES } from "./math.js";

/** The neuron z = w x + b with one example: its loss's gradient at [w, b]. */
export function neuronGradient(name, x, y, [w, b]) {
  const g = LOSSES[name].gradient(y, w * x + b);
  return [g * x, g];
}

/** Steps of rate `rate` in which gradient flow takes the neuron from its wrong side to y_hat = 1/2; null from the right side. */
export function escapeSteps(name, x, y, [w, b], rate) {
  const a = (w * x + b) * (y === 1 ? -1 : 1);
  return a > 0 ? LOSSES[name].escape(a) / (rate * (x * x + 1)) : null;
}

/** The separable trap: points with the label absorbed into the sign; the first two stand n times each. */
export const TRAP = [
  [0.1, 1],
  [0.1, -1],
  [-1, 11],
];

export const dot = (u, v) => u[0] * v[0] + u[1] * v[1];

/** Whether every point of the trap is on its right side. */
export const separates = (theta) => TRAP.every((point) => dot(point, theta) > 0);

/** Gradient of the mean loss over the trap's 2n + 1 points, all with label 1. */
export function trapGradient(name, n, theta) {
  const { gradient } = LOSSES[name];
  const total = [0, 0];
  for (let i = 0; i < TRAP.length; i++) {
    const g = ((i < 2 ? n : 1) * gradient(1, dot(TRAP[i], theta))) / (2 * n + 1);
    total[0] += g * TRAP[i][0];
    total[1] += g * TRAP[i][1];
  }
  return total;
}

/** Runs of gradient descent and Adam, and what the race and the trap train. */

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

/** Plain gradient descent on a list of numbers; returns all `steps + 1` positions. */
export function gradientDescent(gradient, start, rate, steps) {
  const path = [start];
  for (let t = 0; t < steps; t++) {
    const here = path[t];
    const g = gradient(here);
    path.push(here.map((value, j) => value - rate * g[j]));
  }
  return path;
}

/** Adam (Kingma and Ba) with bias correction; returns all `steps + 1` positions. */
export function adam(gradient, start, rate, steps, beta1 = 0.9, beta2 = 0.999, eps = 1e-8) {
  const path = [start];
  let m = start.map(() => 0);
  let v = m;
  for (let t = 1; t <= steps; t++) {
    const here = path[t - 1];
    const g = gradient(here);
    m = m.map((value, j) => beta1 * value + (1 - beta1) * g[j]);
    v = v.map((value, j) => beta2 * value + (1 - beta2) * g[j] ** 2);
    const [a, b] = [1 - beta1 ** t, 1 - beta2 ** t];
    path.push(here.map((value, j) => value - (rate * (m[j] / a)) / (Math.sqrt(v[j] / b) + eps)));
  }
  return path;
}

/** The separable trap: points with the label absorbed into the sign; the first two stand n times each. */
export const TRAP = [
  [0.1, 1],
  [0.1, -1],
  [-1, 11],
];

export const dot = (u, v) => u.reduce((sum, value, j) => sum + value * v[j], 0);

/** Whether every point of the trap is on its right side. */
export const separates = (theta) => TRAP.every((point) => dot(point, theta) > 0);

/** Gradient of the mean loss over the trap's 2n + 1 points, all with label 1. */
export function trapGradient(name, n, theta) {
  const total = [0, 0];
  TRAP.forEach((point, i) => {
    const g = ((i < 2 ? n : 1) * LOSSES[name].gradient(1, dot(point, theta))) / (2 * n + 1);
    total[0] += g * point[0];
    total[1] += g * point[1];
  });
  return total;
}

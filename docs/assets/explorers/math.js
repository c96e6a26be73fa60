/**
 * The losses of mseclf in JavaScript: pure functions, compared with the Python package in tests/explorers.
 * MSE means the half squared error (1/2)(y - s)^2 of s = sigmoid(z); y is a label in [0, 1], z the logit.
 */

/** 1 / (1 + e^-z), without overflow. */
export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** s - y, written with sigmoid(-z) for 1 - s, so that nothing is lost where s is near 1. */
export const residual = (y, z) => (1 - y) * sigmoid(z) - y * sigmoid(-z);

/** The sigmoid's derivative s(1 - s). */
export const slope = (z) => sigmoid(z) * sigmoid(-z);

export const mseLoss = (y, z) => residual(y, z) ** 2 / 2;
export const mseGradientLogit = (y, z) => residual(y, z) * slope(z);
export const mseSecondDerivativeLogit = (y, z) =>
  slope(z) * (slope(z) + residual(y, z) * (sigmoid(-z) - sigmoid(z)));

export const bceLoss = (y, z) => Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)));
export const bceGradientLogit = residual;
export const bceSecondDerivativeLogit = (y, z) => slope(z);

/** Time in which gradient flow of unit rate on MSE takes a logit from -a to 0 (y = 1, a >= 0). */
export const mseEscapeTime = (a) => Math.expm1(a) + 3 * a - 3 * Math.expm1(-a) - Math.expm1(-2 * a) / 2;

/** The same for BCE. */
export const bceEscapeTime = (a) => a - Math.expm1(-a);

/** Both losses under one interface: value, first and second derivative in the logit, escape time. */
export const LOSSES = {
  mse: { value: mseLoss, gradient: mseGradientLogit, second: mseSecondDerivativeLogit, escape: mseEscapeTime },
  bce: { value: bceLoss, gradient: bceGradientLogit, second: bceSecondDerivativeLogit, escape: bceEscapeTime },
};

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
      found.push({ theta, value: oneWeight(name, groups, theta), minimum: before < 0 });
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

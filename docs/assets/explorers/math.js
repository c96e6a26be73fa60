/**
 * The losses of mseclf in JavaScript: pure functions, compared with the Python package in tests/explorers, as are
 * descent.js, training.js and minima.js.
 * MSE means the half squared error (1/2)(y - s)^2 of s = sigmoid(z); y is a label in [0, 1], z the logit.
 */

/** 1 / (1 + e^-z), without overflow. */
export function sigmoid(z) {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

/** s and 1 - s from one exponential, which is what a long training takes its time for; nothing is lost where s is near 1. */
function sides(z) {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? [1 / (1 + e), e / (1 + e)] : [e / (1 + e), 1 / (1 + e)];
}

/** s - y, written with 1 - s for the same reason. */
export function residual(y, z) {
  const [s, c] = sides(z);
  return (1 - y) * s - y * c;
}

/** The sigmoid's derivative s(1 - s). */
export function slope(z) {
  const [s, c] = sides(z);
  return s * c;
}

export const mseLoss = (y, z) => residual(y, z) ** 2 / 2;

export function mseGradientLogit(y, z) {
  const [s, c] = sides(z);
  return ((1 - y) * s - y * c) * (s * c);
}

export function mseSecondDerivativeLogit(y, z) {
  const [s, c] = sides(z);
  return s * c * (s * c + ((1 - y) * s - y * c) * (c - s));
}

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

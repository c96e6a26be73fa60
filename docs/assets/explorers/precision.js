/**
 * Losses computed in a small floating-point format: every operation is rounded to it, as hardware would.
 * Exponentials and logarithms are taken in float64, then rounded: right to the last place but for rare double rounding.
 */

/** x rounded to `bits` significand bits and exponents from `low` to `high`: ties to even, gradual underflow, overflow. */
export function roundTo(x, bits, low, high) {
  const size = Math.abs(x);
  if (size === 0 || !Number.isFinite(size)) return x;
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent--; // log2 itself is rounded
  else if (2 ** (exponent + 1) <= size) exponent++;
  const unit = 2 ** (Math.max(exponent, low) - bits + 1);
  const whole = size / unit + 2 ** 52 - 2 ** 52; // at 2^52 the spacing is 1: the addition rounds to an integer, ties to even
  const rounded = whole * unit;
  return Math.sign(x) * (rounded >= 2 ** (high + 1) ? Infinity : rounded);
}

export const roundFloat16 = (x) => roundTo(x, 11, -14, 15);

/** Each format: how it rounds and its significand's bits t (1 + e^-z rounds to 1 from about z = t ln 2). */
export const FORMATS = {
  bfloat16: { bits: 8, round: (x) => roundTo(x, 8, -126, 127) },
  float16: { bits: 11, round: Math.f16round ?? roundFloat16 },
  float32: { bits: 24, round: Math.fround },
  float64: { bits: 53, round: (x) => x },
};

/** s = sigmoid(z) and 1 - s: `naive` is 1 / (1 + e^-z) and a subtraction, `stable` never subtracts. */
function sigmoids(r, form, z) {
  if (form === "naive") {
    const s = r(1 / r(1 + r(Math.exp(-z))));
    return [s, r(1 - s)];
  }
  const e = r(Math.exp(-Math.abs(z)));
  const d = r(1 + e);
  const [large, small] = [r(1 / d), r(e / d)];
  return z >= 0 ? [large, small] : [small, large];
}

/** BCE: from the probabilities (naive), where 0 log 0 counts as 0; from the logit (stable). */
function bceLoss(r, form, y, z, s, c) {
  if (form === "stable") {
    return r(r(Math.max(z, 0) - r(y * z)) + r(Math.log1p(r(Math.exp(-Math.abs(z))))));
  }
  const part = (weight, p) => (weight === 0 ? 0 : r(weight * r(Math.log(p))));
  return 0 - r(part(y, s) + part(r(1 - y), c));
}

/**
 * Both losses at label y and logit z with each step of the chain rule, in format `name`.
 * `outer` is dL/dy_hat, `slope` is dy_hat/dz, `product` is outer times slope; `gradient` is the simplified form, which
 * for BCE is y_hat - y, computed from the logit without the division.
 */
export function evaluate(name, form, y, z) {
  const r = FORMATS[name].round;
  [y, z] = [r(y), r(z)];
  const [s, c] = sigmoids(r, form, z);
  const rest = form === "naive" ? r(s - y) : r(r(r(1 - y) * s) - r(y * c));
  const slope = r(s * c);
  const product = r(rest * slope);
  const part = (weight, p) => (weight === 0 ? 0 : r(weight / p));
  const outer = r(part(r(1 - y), c) - part(y, s));
  return {
    y,
    z,
    s,
    slope,
    mse: { loss: r(r(rest * rest) / 2), outer: rest, product, gradient: product },
    bce: { loss: bceLoss(r, form, y, z, s, c), outer, product: r(outer * slope), gradient: rest },
  };
}

/** The logit of the format at which a wrong, confident example's MSE gradient becomes exactly 0, for y = 0 or 1. */
export function deadLogit(name, form, y) {
  const sign = y === 1 ? -1 : 1;
  let [alive, dead] = [0, 2000];
  for (let i = 0; i < 70; i++) {
    const middle = (alive + dead) / 2;
    if (evaluate(name, form, y, sign * middle).mse.gradient === 0) dead = middle;
    else alive = middle;
  }
  return FORMATS[name].round(sign * dead);
}

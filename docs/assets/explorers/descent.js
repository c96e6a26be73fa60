/** The ways down, as walks without end that a path follows as far as it is wanted. */

/** Plain gradient descent on a list of numbers: its positions from the start on, without end. */
export function* gradientDescent(gradient, here, rate) {
  for (;;) {
    yield here;
    const g = gradient(here);
    here = here.map((value, j) => value - rate * g[j]);
  }
}

/** Adam (Kingma and Ba) with bias correction: its positions, likewise. */
export function* adam(gradient, here, rate, beta1 = 0.9, beta2 = 0.999, eps = 1e-8) {
  let m = here.map(() => 0);
  let v = m;
  for (let t = 1; ; t++) {
    yield here;
    const g = gradient(here);
    m = m.map((value, j) => beta1 * value + (1 - beta1) * g[j]);
    v = v.map((value, j) => beta2 * value + (1 - beta2) * g[j] ** 2);
    const [a, b] = [1 - beta1 ** t, 1 - beta2 ** t];
    here = here.map((value, j) => value - (rate * (m[j] / a)) / (Math.sqrt(v[j] / b) + eps));
  }
}

/** Walks a path on to its step `end`. */
export function extend(path, walk, end) {
  while (path.length <= end) path.push(walk.next().value);
  return path;
}

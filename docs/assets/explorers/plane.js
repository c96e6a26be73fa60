/** The loss over one weight and one bias: the data of examples/two_weights.py, the mean loss, its gradient, its contour lines. */

import { LOSSES } from "./math.js";

/** [x, y]: two of the labels contradict the others, so both losses have their lowest point at finite weights. */
export const POINTS = [[-2, 0], [-1.2, 0], [-0.5, 1], [0.3, 0], [0.7, 1], [1.4, 1], [2.2, 1]];

const mean = (f) => POINTS.reduce((sum, [x, y]) => sum + f(x, y), 0) / POINTS.length;

export const planeLoss = (name, [w, b]) => mean((x, y) => LOSSES[name].value(y, w * x + b));

export function planeGradient(name, [w, b]) {
  const { gradient } = LOSSES[name];
  const total = [0, 0];
  for (const [x, y] of POINTS) {
    const g = gradient(y, w * x + b) / POINTS.length;
    total[0] += g * x;
    total[1] += g;
  }
  return total;
}

/** How many points lie on the wrong side; one with the logit 0 counts as a 0. */
export const wrong = ([w, b]) => POINTS.filter(([x, y]) => w * x + b > 0 !== (y === 1)).length;

/**
 * The lines on which a function has one value: marching squares. `values` holds n rows of n; a line is a list of [column, row],
 * and ends where it began or at the edge of the grid.
 */
export function contours(values, n, level) {
  const places = new Map();
  const links = new Map();
  const cross = (i, j, di, dj) => {
    const [here, there] = [values[j * n + i] - level, values[(j + dj) * n + i + di] - level];
    if (here < 0 === there < 0) return null;
    const key = 2 * (j * n + i) + dj;
    const u = here / (here - there);
    places.set(key, [i + u * di, j + u * dj]);
    return key;
  };
  const link = (a, b) => {
    for (const [from, to] of [[a, b], [b, a]]) links.set(from, (links.get(from) ?? new Set()).add(to));
  };
  for (let j = 0; j < n - 1; j++)
    for (let i = 0; i < n - 1; i++) {
      const met = [cross(i, j, 1, 0), cross(i + 1, j, 0, 1), cross(i, j + 1, 1, 0), cross(i, j, 0, 1)].filter((key) => key !== null);
      for (let k = 0; k < met.length; k += 2) link(met[k], met[k + 1]);
    }
  const walk = (key) => {
    const line = [places.get(key)];
    for (let [next] = links.get(key); next !== undefined; [next] = links.get(key)) {
      links.get(key).delete(next);
      links.get(next).delete(key);
      line.push(places.get((key = next)));
    }
    return line;
  };
  const ends = [...links.keys()].sort((a, b) => links.get(a).size - links.get(b).size);
  return ends.filter((key) => links.get(key).size).map(walk).filter((line) => line.length > 1);
}

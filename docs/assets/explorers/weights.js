/** <two-weights>: both losses over a weight and a bias as maps, and the way down on each from a start that can be moved. */

import { BOTH, table } from "./both.js";
import { clamp, html, num, scale, svg } from "./chart.js";
import { Explorer } from "./element.js";
import { extend, gradientDescent } from "./descent.js";
import { sigmoid } from "./math.js";
import { POINTS, contours, planeGradient, planeLoss, wrong } from "./plane.js";
import { Player } from "./player.js";

const REACH = 12;
const STEPS = 10000;
const GRID = 97;
const KEY = 0.5;

/** The heights of the lines. */
const LEVELS = {
  mse: [0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4],
  bce: [0.5, 1, 2, 4, 6, 8, 10, 12, 14],
};
const WRITTEN = -8; // the bias at which a line has its height written

const steps = scale("log1", [0, STEPS]);
const weight = (label, value) => ({ label, value, min: -REACH, max: REACH, step: KEY, slider: true });

const FIELDS = {
  w: weight("Start: weight w", -10),
  b: weight("Start: bias b", 0),
  rate: { label: "Rate η of both", value: 0.5, options: [0.1, 0.5, 2] },
  at: { label: "Step", value: 1000, min: 0, max: STEPS, slider: true, to: steps.map, from: (u) => Math.round(steps.invert(u)) },
};

const PRESETS = [
  ["Sure and wrong", ""],
  ["Less sure", "w:-4"],
  ["From zero", "w:0"],
  ["Into a dead end", "b:5"],
  ["One wrong at the end", "w:8,b:-8"],
];

const ROWS = ["Weight and bias", "Loss L", "Length of its gradient", "Points on the wrong side"];

class TwoWeights extends Explorer {
  static key = "weights";
  static label = "Both losses over two weights";
  static fields = FIELDS;
  static presets = PRESETS;

  build() {
    const move = (w, b) => this.set({ w: +w.toFixed(2), b: +b.toFixed(2) });
    this.maps = { mse: this.chart("MSE over w and b", { role: "group" }), bce: this.chart("BCE over w and b") };
    this.grips = BOTH.map((name) => {
      const map = this.maps[name];
      map.svg.classList.add("xp-map");
      map.svg.addEventListener("click", (event) => move(...map.under(event)));
      const slider = { role: "slider", tabindex: 0, "aria-label": "Start of both descents", "aria-valuemin": -REACH, "aria-valuemax": REACH };
      return map.grip(name === "mse" ? slider : {}, move);
    });
    this.grips[0].addEventListener("keydown", (event) => this.steer(event));
    this.data = this.chart("The data and both ŷ = σ(wx + b)");
    this.data.root.classList.add("xp-full", "xp-low");
    this.player = new Player(this, () => STEPS, FIELDS.at);
    this.table = table(ROWS.map((name) => [name]));
    this.append(this.player.root, this.presets(), this.controls("w", "b", "rate"), this.table);
    this.lines = Object.fromEntries(BOTH.map((name) => [name, lines(name)]));
    this.lowest = Object.fromEntries(BOTH.map((name) => [name, extend([], gradientDescent((t) => planeGradient(name, t), [1.5, 0.3], 2), 400).at(-1)]));
  }

  /** The start by the arrow keys, in the direction in which they point; with Shift further. */
  steer(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const far = event.shiftKey ? 4 * KEY : KEY;
    const [w, b] = [this.state.w, this.state.b].map((v, i) => clamp(v + far * step[i], -REACH, REACH));
    this.set({ w, b });
  }

  draw() {
    const { w, b } = this.state;
    BOTH.forEach((name, i) => {
      this.drawMap(this.maps[name], name);
      this.maps[name].put(this.grips[i], w, b);
    });
    this.drawData();
  }

  drawMap(map, name) {
    const domain = [-REACH, REACH];
    const transform = `translate(46 10)scale(${map.w / REACH / 2} ${map.h / REACH / -2})translate(${REACH} ${-REACH})`;
    if (map.frame({ domain, label: "weight w" }, { domain, ticks: [-10, -5, 0, 5, 10], label: "bias b" }))
      map.back.prepend(svg("g", { transform }, svg("path", { class: "xp-axis", d: "M-12-12h24v24h-24z" }), ...this.lines[name].map(([line]) => line)));
    const { at } = this.player;
    const path = this.player.paths[name];
    const marks = [...new Set(Array.from({ length: 301 }, (_, i) => Math.round(steps.invert(i / 300))))];
    map.dot(...this.lowest[name], `xp-full-dot xp-${name}`, 4);
    map.line([...marks.filter((t) => t < at), at].map((t) => path[t]), `xp-walk xp-${name}`);
    map.dot(...path[at], `xp-dot xp-${name}`);
    this.writeHeights(map, name, [[this.state.w, this.state.b], path[at], this.lowest[name]]);
  }

  /** The height of each line on the line itself, where neither another number nor a mark is near. */
  writeHeights(map, name, marks) {
    const kept = marks.map(([w, b]) => [map.px(w), map.py(b)]);
    LEVELS[name].forEach((level, i) => {
      const [w, b] = this.lines[name][i][1];
      const [x, y] = [clamp(map.px(w), 14, map.w - 14), map.py(b)];
      if (kept.some(([u, v]) => Math.abs(u - x) < 30 && Math.abs(v - y) < 18)) return;
      kept.push([x, y]);
      map.front.append(svg("text", { x: 46 + x, y: 14 + y, "text-anchor": "middle", class: "xp-note xp-quiet" }, num(level)));
    });
  }

  drawData() {
    const { at, paths } = this.player;
    this.data.frame({ domain: [-2.6, 2.6], label: "input x" }, { domain: [-0.12, 1.12], ticks: [0, 0.5, 1] });
    const xs = Array.from({ length: 131 }, (_, i) => -2.6 + i / 25);
    for (const name of ["bce", "mse"]) {
      const [w, b] = paths[name][at];
      this.data.line(xs.map((x) => [x, sigmoid(w * x + b)]), `xp-${name}`);
    }
    for (const [x, y] of POINTS) this.data.dot(x, y, "xp-point");
  }

  tell() {
    this.player.settle();
    const { w, b, rate } = this.state;
    this.player.train(`${w} ${b} ${rate}`, this.state.at, (name) => gradientDescent((t) => planeGradient(name, t), [w, b], rate));
    const { at, paths } = this.player;
    this.grips[0].setAttribute("aria-valuenow", w);
    this.grips[0].setAttribute("aria-valuetext", `w = ${num(w)}, b = ${num(b)}`);
    this.write(this.table.caption, `After step ${num(at)} of rate ${rate}`);
    const words = BOTH.map((name, j) => {
      const here = paths[name][at];
      const slope = Math.hypot(...planeGradient(name, here));
      const place = `(${here.map((v) => num(+v.toFixed(2))).join(", ")})`;
      const cells = [place, num(planeLoss(name, here)), slope < 1e-12 ? "below 10⁻¹²" : num(slope, 3), `${wrong(here)} of ${POINTS.length}`];
      cells.forEach((text, i) => (this.table.rows[i + 1].cells[j + 1].lastChild.textContent = text));
      const there = Math.hypot(...here.map((v, k) => v - this.lowest[name][k])) < 0.01;
      return `${there ? "its lowest point" : place}, ${wrong(here)} of ${POINTS.length} wrong`;
    });
    this.say(`After step ${num(at)} MSE stands at ${words[0]}; BCE at ${words[1]}.`);
  }
}

/** For each height the contour lines of a loss, drawn once in weights, and where their height is written. */
function lines(name) {
  const of = (i) => REACH * ((2 * i) / (GRID - 1) - 1);
  const values = Array.from({ length: GRID * GRID }, (_, k) => planeLoss(name, [of(k % GRID), of(Math.floor(k / GRID))]));
  return LEVELS[name].map((level) => {
    const all = contours(values, GRID, level).map((line) => line.map(([i, j]) => [of(i), of(j)]));
    const d = all.map((line) => "M" + line.map((place) => place.map((v) => v.toFixed(3))).join("L")).join("");
    const spot = all.flat().reduce((a, c) => (Math.abs(c[1] - WRITTEN) < Math.abs(a[1] - WRITTEN) ? c : a));
    return [svg("path", { class: `xp-line xp-contour xp-${name}`, d }), spot];
  });
}

customElements.get("two-weights") ?? customElements.define("two-weights", TwoWeights);

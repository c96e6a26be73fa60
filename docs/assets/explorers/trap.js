/** <separable-trap>: separable points on which gradient descent on MSE runs to a bad minimum at infinity. */

import { BOTH, table } from "./both.js";
import { html, scale } from "./chart.js";
import { gradientDescent } from "./descent.js";
import { Explorer } from "./element.js";
import { Player } from "./player.js";
import { TRAP, dot, separates, trapGradient } from "./training.js";
import { num } from "./dom.js";

const LONGEST = 100000;

const steps = (state) => scale("log1", [0, state.steps]);

const FIELDS = {
  n: { label: "Copies of the first two points", value: 20, min: 1, max: 60, step: 1, slider: true },
  steps: { label: "Steps", value: 10000, options: [10000, LONGEST] },
  at: {
    label: "Step",
    value: 10000,
    min: 0,
    max: LONGEST,
    slider: true,
    to: (at, state) => steps(state).map(at),
    from: (u, state) => Math.round(steps(state).invert(u)),
  },
};

const PRESETS = [
  ["20 copies", ""],
  ["10 copies", "n:10"],
  ["20 copies, longer", "steps:100000,at:100000"],
  ["15 copies, longer", "n:15,steps:100000,at:100000"],
];

const ROWS = ["Weights θ", "Logit of the lone point", "Points on the right side", "Separates from"];

class SeparableTrap extends Explorer {
  static key = "trap";
  static label = "The separable trap";
  static fields = FIELDS;
  static presets = PRESETS;

  build() {
    this.data = this.chart("The points and the decision lines");
    this.weights = this.chart("The weights on their way");
    this.third = this.chart("The lone point’s logit: right if positive");
    this.third.root.classList.add("xp-full", "xp-low");
    this.player = new Player(this, (state) => state.steps, FIELDS.at);
    this.table = table(ROWS.map((name) => [name]));
    this.append(this.player.root, this.presets(), this.controls("n", "steps"), this.table);
  }

  draw() {
    const { paths } = this.player;
    const { invert } = steps(this.state);
    const marks = [...new Set(Array.from({ length: 301 }, (_, i) => Math.round(invert(i / 300))))].filter((t) => t < paths.mse.length);
    this.drawData(paths);
    this.drawWeights(paths, marks);
    this.drawThird(paths, marks);
  }

  drawData(paths) {
    const { n } = this.state;
    const { at } = this.player;
    this.data.frame({ domain: [-1.4, 0.8], label: "x₁" }, { domain: [-3, 13], label: "x₂" });
    for (const name of ["bce", "mse"]) {
      const [a, b] = paths[name][at];
      const line = Math.abs(b) > 1e-3 * Math.abs(a) ? [[-2, (2 * a) / b], [2, (-2 * a) / b]] : [[(-b * -3) / a, -3], [(-b * 13) / a, 13]];
      if (a || b) this.data.line(line, `xp-${name}`);
    }
    TRAP.forEach(([x, y], i) => this.data.dot(x, y, "xp-point", i < 2 ? 5 + Math.sqrt(n) / 2 : 6));
    TRAP.forEach(([x, y], i) => this.data.text(x, y, i < 2 ? `copies: ${n}` : "lone point", "xp-quiet", [[12, 4], [-12, 4], [12, -8], [-12, -8], [12, 18]]));
  }

  drawWeights(paths, marks) {
    const ends = BOTH.map((name) => paths[name]);
    const far = Math.max(10, ...ends.map((p) => p.at(-1)[0])) * 1.06;
    const high = Math.max(0.5, far / 9);
    this.weights.frame({ domain: [-far / 40, far], label: "θ₁" }, { domain: [-high / 12, high], label: "θ₂" });
    const cone = [[far * 1.2, (far * 1.2) / 10], [0, 0], [far * 1.2, (far * 1.2) / 11]];
    this.weights.line(cone, "xp-cone");
    this.player.draw(this.weights, marks, (name, t) => paths[name][t]);
    this.weights.text(far / 2, far / 20, "separating weights", "xp-quiet", [[-8, -12], [-60, -40], [20, 24], [20, 50]]);
  }

  drawThird(paths, marks) {
    const { state } = this;
    const logit = (name, t) => dot(TRAP[2], paths[name][t]);
    const all = BOTH.flatMap((name) => marks.map((t) => logit(name, t)));
    this.third.frame({ domain: [0, state.steps], kind: "log1", label: "step" }, { domain: [Math.min(-2, ...all) * 1.1, Math.max(...all) * 1.1 + 1] });
    this.third.line([[0, 0], [state.steps, 0]], "xp-now");
    this.player.draw(this.third, marks, (name, t) => [t, logit(name, t)]);
  }

  tell() {
    const { state } = this;
    const n = (state.n = Math.round(state.n));
    this.player.settle();
    this.player.train(`${n} ${state.steps}`, state.steps, (name) => gradientDescent((t) => trapGradient(name, n, t), [0, 0], 1));
    const { at, paths } = this.player;
    const trained = paths.mse.length - 1;
    this.table.caption.textContent = `After ${num(at)} of ${num(state.steps)} steps, copies: ${n}`;
    const words = BOTH.map((name, j) => {
      const theta = paths[name][at];
      const right = TRAP.reduce((sum, point, i) => sum + (dot(point, theta) > 0) * (i < 2 ? n : 1), 0);
      const since = paths[name].findLastIndex((t) => !separates(t)) + 1;
      const from = since > trained ? "not by the end" : `step ${num(since)}`;
      const cells = [`(${theta.map((v) => num(v, 3)).join(", ")})`, num(dot(TRAP[2], theta)), `${right} of ${2 * n + 1}`, from];
      cells.forEach((text, i) => (this.table.rows[i + 1].cells[j + 1].lastChild.textContent = text));
      const worst = TRAP.toSorted((a, b) => dot(a, paths[name].at(-1)) - dot(b, paths[name].at(-1)))[0];
      const last = paths[name].slice(-2).map((t) => dot(worst, t));
      const which = worst === TRAP[2] ? "the lone point" : "one of the pair";
      const left = `leaves ${which} at ${num(last[1], 3)}, ${last[1] > last[0] ? "rising" : "falling"}`;
      const fate = since > trained ? left : `separates all points from step ${num(since)}`;
      return `${name.toUpperCase()} ${fate}`;
    });
    this.say(`Copies: ${n}, ${num(trained)} steps: ${words.join("; ")}.`);
  }
}

customElements.get("separable-trap") ?? customElements.define("separable-trap", SeparableTrap);

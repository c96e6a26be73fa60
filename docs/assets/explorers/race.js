/** <loss-race>: one neuron trained by both losses from the same start, with the closed-form escape time drawn over it. */

import { BOTH, table } from "./both.js";
import { html, scale } from "./chart.js";
import { adam, gradientDescent } from "./descent.js";
import { Explorer } from "./element.js";
import { LOSSES, sigmoid } from "./math.js";
import { Player } from "./player.js";
import { escapeSteps, neuronGradient } from "./training.js";
import { num } from "./dom.js";

const LONGEST = 30000;

const steps = (state) => scale(state.axis === "log" ? "log1" : "linear", [0, state.n]);

const FIELDS = {
  w: { label: "Weight w", value: 2, min: -50, max: 50, step: 0.1 },
  b: { label: "Bias b", value: 2, min: -50, max: 50, step: 0.1 },
  x: { label: "Input x", value: 1, min: -10, max: 10, step: 0.1 },
  eta: { label: "Rate η", value: 0.15, min: 0.005, max: 10, step: 0.005 },
  y: { label: "Label y", value: 0, options: [0, 1] },
  rule: { label: "Optimiser", value: "gd", options: ["gd", "adam"], names: { gd: "gradient descent", adam: "Adam" } },
  rates: { label: "Rate of MSE", value: "same", options: ["same", "matched"], names: { same: "η, the same", matched: "4η, matched" } },
  n: { label: "Steps", value: 300, options: [100, 300, 1000, 3000, 30000] },
  axis: { label: "Axis of steps", value: "linear", options: ["linear", "log"] },
  at: {
    label: "Step",
    value: 0,
    min: 0,
    max: LONGEST,
    slider: true,
    to: (at, state) => steps(state).map(at),
    from: (u, state) => Math.round(steps(state).invert(u)),
  },
};

const PRESETS = [
  ["Nielsen: w = b = 2", ""],
  ["w = 0.6, b = 0.9", "w:0.6,b:0.9"],
  ["Matched rates", "rates:matched"],
  ["A deep plateau", "w:5,b:5,eta:0.5,rates:matched,n:30000,axis:log"],
  ["Adam", "w:5,b:5,eta:0.05,rule:adam,n:1000"],
];

/** MSE's gradient at z = 0 is a quarter of BCE's: with four times the rate both start equally fast there. */
const rate = (name, { eta, rates }) => (name === "mse" && rates === "matched" ? 4 * eta : eta);

/** The neuron's positions [w, b] from the start that the state sets. */
function walk(name, { x, y, w, b, ...state }) {
  const descend = state.rule === "adam" ? adam : gradientDescent;
  return descend((place) => neuronGradient(name, x, y, place), [w, b], rate(name, state));
}

const escape = (name, state) =>
  state.rule === "gd" ? escapeSteps(name, state.x, state.y, [state.w, state.b], rate(name, state)) : null;

const ROWS = ["Rate", "Prediction ŷ", "Loss L", "Weight w", "Bias b", "ŷ passes ½", "By formula"];

class LossRace extends Explorer {
  static key = "race";
  static label = "Race of the two losses";
  static fields = FIELDS;
  static presets = PRESETS;

  build() {
    this.output = this.chart("Prediction ŷ");
    this.force = this.chart("Size of the gradient, |∂L/∂z|");
    this.player = new Player(this, (state) => state.n, FIELDS.at);
    this.table = table(ROWS.map((name) => [name]));
    const advanced = this.advanced("input, optimiser, steps, axis", "x", "rule", "n", "axis");
    this.append(this.player.root, this.presets(), this.controls("w", "b", "eta", "y", "rates"), this.table, advanced);
  }

  draw() {
    const { state } = this;
    const { paths } = this.player;
    const { y } = state;
    const { invert } = steps(state);
    const marks = Array.from({ length: 301 }, (_, i) => Math.round(invert(i / 300))).filter((t) => t < paths.mse.length);
    const size = (name, z) => Math.abs(LOSSES[name].gradient(y, z));
    const least = Math.min(...Object.entries(paths).flatMap(([k, p]) => marks.map((t) => size(k, this.logit(p[t])) || 1)));
    const x = { domain: [0, state.n], kind: state.axis === "log" ? "log1" : "linear", label: "step" };
    this.output.frame(x, { domain: [0, 1] });
    this.force.frame(x, { domain: [Math.max(10 ** Math.floor(Math.log10(least)), 1e-16), 1], kind: "log" });
    this.output.line([[0, 0.5], [state.n, 0.5]], "xp-now");
    this.player.draw(this.output, marks, (name, t) => [t, sigmoid(this.logit(paths[name][t]))], false);
    BOTH.forEach((name) => this.drawEscape(name));
    this.player.draw(this.force, marks, (name, t) => [t, size(name, this.logit(paths[name][t]))], false);
  }

  drawEscape(name) {
    const t = escape(name, this.state);
    if (t === null || t > this.state.n) return;
    this.output.line([[t, 0], [t, 1]], `xp-${name} xp-thin`);
    const spots = [0.3, -0.3, 0.15, -0.15, 0.4, -0.4].flatMap((part) => [[6, part * this.output.h], [-6, part * this.output.h]]);
    this.output.text(t, 0.5, `${name.toUpperCase()} ${num(t, 3)} by formula`, `xp-${name}`, spots);
  }

  tell() {
    const { state } = this;
    this.player.settle();
    const { at: _, axis, ...setting } = state; // what a run depends on is the rest
    this.player.train(JSON.stringify(setting), state.n, (name) => walk(name, setting));
    this.logit = ([w, b]) => w * state.x + b;
    const { at, paths } = this.player;
    this.write(this.table.caption, `After ${num(at)} of ${num(state.n)} steps, y = ${state.y}`);
    const passed = {};
    BOTH.forEach((name, j) => {
      const [w, b] = paths[name][at];
      const z = this.logit([w, b]);
      const first = paths[name].findIndex((p) => (state.y === 1 ? this.logit(p) >= 0 : this.logit(p) <= 0));
      passed[name] = first < 0 || first > at ? "not yet" : `step ${num(first)}`;
      const cells = [rate(name, state), sigmoid(z), LOSSES[name].value(state.y, z), w, b].map((v) => num(v));
      const t = escape(name, state);
      [...cells, passed[name], t === null ? "none" : `step ${num(t)}`].forEach((text, i) => (this.table.rows[i + 1].cells[j + 1].lastChild.textContent = text));
    });
    this.say(this.verdict(paths, passed));
  }

  /** What can be said at the step shown, and no more: a race that has not begun has no winner. */
  verdict(paths, passed) {
    const { n, y } = this.state;
    const { at } = this.player;
    const [mse, bce] = BOTH.map((name) => num(sigmoid(this.logit(paths[name][at])), 3));
    const steps = at === 1 ? "step" : "steps";
    if (at === 0) return `Both start at ŷ = ${mse}, and the label is ${y}. Which passes ½ first, and how much later does the other? Press Run.`;
    if (at < n) return `After ${num(at)} ${steps}: MSE is at ŷ = ${mse}, BCE at ${bce}.`;
    const when = (name) => (passed[name] === "not yet" ? `not in ${num(n)} steps` : `at ${passed[name]}`);
    const [slow, fast] = BOTH.map(when);
    return `ŷ passes ½ on the way to its label: MSE ${slow}, BCE ${fast}.`;
  }
}

customElements.get("loss-race") ?? customElements.define("loss-race", LossRace);

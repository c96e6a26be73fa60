/** <loss-explorer>: both losses at one logit, in four number formats, with the chain rule in live numbers. */

import { BOTH, pair, table } from "./both.js";
import { clamp, html } from "./chart.js";
import { Explorer } from "./element.js";
import { FORMATS, deadLogit, evaluate } from "./precision.js";
import { num } from "./dom.js";

const FIELDS = {
  z: { label: "Logit z", value: -4, min: -800, max: 800, slider: true, span: ({ w }) => [-w, w] },
  y: { label: "Label y", value: 1, min: 0, max: 1, step: 0.05, slider: true },
  f: { label: "Number format", value: "float64", options: Object.keys(FORMATS) },
  form: { label: "Formula", value: "stable", options: ["stable", "naive"] },
  w: { label: "Range of z", value: 12, options: [12, 50, 120, 800], names: { 12: "±12", 50: "±50", 120: "±120", 800: "±800" } },
  axis: { label: "Vertical axis", value: "linear", options: ["linear", "log"] },
};

const PRESETS = [
  ["MSE’s peak", "z:-0.6931472"],
  ["Confidently wrong", "z:-10"],
  ["float16 goes dead", "z:-11.1,f:float16,form:naive,axis:log"],
  ["ŷ rounds to 1", "z:17,y:0,f:float32,form:naive,axis:log,w:50"],
  ["Soft label", "z:2,y:0.3"],
];

const known = {};

/** `deadLogit`, searched once for each setting. */
const dead = (...setting) => (known[setting] ??= deadLogit(...setting));

/** The rows of the table: name, formula for MSE, formula for BCE, and how to read the two numbers. */
const ROWS = [
  ["Loss L", "½(ŷ − y)²", "−y log ŷ − (1 − y) log(1 − ŷ)", (v, k) => v[k].loss],
  ["∂L/∂ŷ", "ŷ − y", "−y/ŷ + (1 − y)/(1 − ŷ)", (v, k) => v[k].outer],
  ["× ∂ŷ/∂z", "ŷ(1 − ŷ)", "ŷ(1 − ŷ)", (v) => v.slope],
  ["= ∂L/∂z", "product", "product", (v, k) => v[k].product],
  ["∂L/∂z, short", "(ŷ − y) ŷ(1 − ŷ)", "ŷ − y", (v, k) => v[k].gradient],
];

class LossExplorer extends Explorer {
  static key = "loss";
  static label = "Loss explorer";
  static fields = FIELDS;
  static presets = PRESETS;

  build() {
    this.loss = this.chart("Loss");
    this.gradient = this.chart("Size of the gradient, |∂L/∂z|");
    for (const chart of [this.loss, this.gradient]) {
      chart.svg.classList.add("xp-drag");
      chart.drag(chart.svg, (z) => this.set({ z: +z.toPrecision(4) }));
    }
    this.table = table(ROWS.map(([name, ...formulas]) => [name, ...BOTH.map((_, j) => [html("i", {}, formulas[j].replaceAll(" − ", "\u00a0−\u00a0"))])]));
    this.facts = html("p", { class: "xp-facts" });
    const advanced = this.advanced("number format, formula, axes", "f", "form", "w", "axis");
    advanced.append(this.facts);
    this.append(this.controls("z", "y"), this.presets(), this.table, advanced);
  }

  /** Keeps z in view: a logit beyond the range widens it, a narrower range that is chosen takes the logit along. */
  settle() {
    const { state } = this;
    if (this.seen > state.w) state.z = clamp(state.z, -state.w, state.w);
    state.w = FIELDS.w.options.find((w) => w >= Math.max(Math.abs(state.z), state.w));
    this.seen = state.w;
  }

  draw() {
    this.sample();
    const highest = Math.max(this.now.mse.loss, this.now.bce.loss);
    this.drawChart(this.loss, (v, k) => v[k].loss, Number.isFinite(highest) ? Math.max(5, 1.1 * highest) : 5);
    this.drawChart(this.gradient, (v, k) => Math.abs(v[k].gradient), 1);
  }

  /** The curves do not depend on z. */
  sample() {
    const { y, f, form, w } = this.state;
    const key = `${[y, f, form, w]}`;
    if (key === this.sampled) return;
    this.sampled = key;
    this.samples = Array.from({ length: 321 }, (_, i) => evaluate(f, form, y, (w * (i - 160)) / 160));
  }

  drawChart(chart, read, top) {
    const { now, samples } = this;
    const { w, axis } = this.state;
    const smallest = { bfloat16: 40, float16: 8, float32: 45, float64: 323 }[this.state.f];
    const low = 10 ** -Math.min(smallest, Math.ceil(w * 0.45 + 1));
    const domain = axis === "log" ? [low, top > 1 ? 1000 : 10] : [0, top];
    chart.frame({ domain: [-w, w], label: "logit z" }, { domain, kind: axis });
    this.drawDead(chart, domain);
    chart.line([[now.z, domain[0]], [now.z, domain[1]]], "xp-now");
    const places = BOTH.map((k) => {
      chart.line(samples.map((v) => [v.z, read(v, k)]), `xp-${k}`);
      const value = read(now, k);
      const fits = Number.isFinite(value) && chart.py(value) >= 0;
      return [k, [now.z, fits ? Math.max(value, domain[0]) : domain[1], `${fits ? "" : "↑ "}${num(value, 3)}`, !fits]];
    });
    pair(chart, Object.fromEntries(places));
  }

  /** The zone where a wrong example's MSE gradient is exactly 0 in this format. */
  drawDead(chart, [low, high]) {
    const { y, f, form, w } = this.state;
    if (y !== 0 && y !== 1) return;
    const edge = dead(f, form, y);
    if (Math.abs(edge) < w) chart.band(y ? -w : edge, y ? edge : w, low, high, "xp-dead");
  }

  tell() {
    this.settle();
    const { y, z, f, form } = this.state;
    this.now = evaluate(f, form, y, z);
    ROWS.forEach(([, , , read], i) =>
      BOTH.forEach((k, j) => {
        const value = read(this.now, k);
        const cell = this.table.rows[i + 1].cells[j + 1].lastChild;
        cell.textContent = num(value);
        cell.className = value === 0 || !Number.isFinite(value) ? "xp-alarm" : "";
      })
    );
    const { s, slope, mse, bce } = this.now;
    this.write(this.table.caption, `z = ${num(z)}, ŷ = σ(z) = ${num(s)}, y = ${num(y)}, in ${f}`);
    const edge = (label) => `${label ? "at and below" : "from"} z = ${num(dead(f, form, label), 6)} for y = ${label}`;
    this.write(this.facts, `In ${f} with the ${form} formula, the MSE gradient of a wrong example is exactly 0 ${edge(1)}, and ${edge(0)}.`);
    const still = mse.gradient === 0 && bce.gradient !== 0;
    const ratio = slope === 0 ? "" : ` MSE pulls ${num(slope, 3)} times as hard as BCE.`;
    this.say(still ? "The MSE gradient is exactly 0: this wrong example no longer moves the weights. BCE from the logit still does." : `Gradient: MSE ${num(mse.gradient, 3)}, BCE ${num(bce.gradient, 3)}.${ratio}`);
  }
}

customElements.get("loss-explorer") ?? customElements.define("loss-explorer", LossExplorer);

/** <loss-landscape>: the loss of one weight over points that can be moved; its minima come and go, while BCE keeps one. */

import { clamp, html, scale } from "./chart.js";
import { Explorer } from "./element.js";
import { downhill, oneWeight, stationaryPoints } from "./minima.js";
import { num } from "./dom.js";

const LABELS = 4;
const REACH = [0.1, 400];
const MOST = 6;

/** Points as "1x3;20x1": four examples at x = 1, three of them with label 1, and four at x = 20, one with label 1. */
const points = {
  value: [[1, 3], [20, 1]],
  write: (list) => list.map(([x, ones]) => `${+x.toPrecision(3)}x${ones}`).join(";"),
  read: (text) => {
    const list = text.split(";").map((part) => part.split("x").map(Number));
    const sound = list.every(([x, ones]) => x >= REACH[0] && x <= REACH[1] && ones >= 0 && ones <= LABELS && ones % 1 === 0);
    return sound && list.length <= MOST ? list.map(([x, ones]) => [x, ones]) : null;
  },
};

const bound = { min: -200, max: 200 };

const FIELDS = {
  p: points,
  lo: { value: -1, ...bound },
  hi: { value: 2.5, ...bound },
  start: { label: "Start θ₀", value: 0.6, ...bound, slider: true, span: ({ lo, hi }) => [lo, hi] },
  axis: { label: "Axis of θ", value: "linear", options: ["linear", "stretched"] },
};

const PRESETS = [
  ["Two minima", ""],
  ["Three minima", "p:0.5x3;10x1;200x3,lo:-1,hi:6,axis:stretched"],
  ["Same scale: one minimum", "p:1x3;1.5x1,lo:-3,hi:3"],
  ["Separable: none", "p:1x4;20x4,lo:-1,hi:2.5"],
];

/** The examples behind the points: groups [x, y, count]. */
const groups = (list) => list.flatMap(([x, ones]) => [[x, 1, ones], [x, 0, LABELS - ones]]).filter(([, , count]) => count);

class LossLandscape extends Explorer {
  static key = "landscape";
  static label = "Loss landscape of one weight";
  static fields = FIELDS;
  static presets = PRESETS;

  build() {
    this.data = this.chart("The data, to be dragged: how many of four labels are 1 at each x", { role: "group" });
    this.data.root.classList.add("xp-full", "xp-low");
    this.grips = Array.from({ length: MOST }, (_, i) => this.grip(i));
    this.losses = { mse: this.chart("MSE", { "aria-label": "Mean MSE loss against the weight" }), bce: this.chart("BCE", { "aria-label": "Mean BCE loss against the weight" }) };
    for (const chart of Object.values(this.losses)) {
      chart.svg.classList.add("xp-drag");
      chart.drag(chart.svg, (theta) => this.set({ start: +theta.toPrecision(4) }));
    }
    this.more = this.button("Add a point", () => this.state.p.length < MOST && this.set({ p: [...this.state.p, [this.gap(), 2]] }));
    this.less = this.button("Take the last away", () => this.state.p.length > 1 && this.set({ p: this.state.p.slice(0, -1) }));
    const zoom = (factor) => () => this.zoom(factor);
    const tools = [this.more, this.less, this.button("Fit the view", () => this.showAll()), this.button("Zoom in", zoom(0.5)), this.button("Zoom out", zoom(2))];
    this.found = { mse: html("p"), bce: html("p") };
    this.facts = html("p", { class: "xp-facts" });
    this.append(html("div", { class: "xp-charts xp-found" }, this.found.mse, this.found.bce));
    this.append(this.presets(), this.controls("start", "axis"), html("div", { class: "xp-row" }, ...tools), this.facts);
  }

  /** A point as a slider: dragged in two directions, moved by the arrow keys. */
  grip(i) {
    const name = { role: "slider", tabindex: 0, "aria-label": `Point ${i + 1}`, "aria-valuemin": REACH[0], "aria-valuemax": REACH[1] };
    const grip = this.data.grip(name, (x, ones) => this.move(i, x, ones));
    grip.addEventListener("keydown", (event) => {
      const [x, ones] = this.state.p[i];
      const far = event.shiftKey ? 1.5 : 1.05;
      const to = { ArrowLeft: [x / far, ones], ArrowRight: [x * far, ones], ArrowUp: [x, ones + 1], ArrowDown: [x, ones - 1], Home: [REACH[0], ones], End: [REACH[1], ones] }[event.key];
      if (!to) return;
      event.preventDefault();
      this.move(i, ...to);
    });
    return grip;
  }

  move(i, x, ones) {
    const moved = [clamp(x, ...REACH), clamp(Math.round(ones), 0, LABELS)];
    this.set({ p: this.state.p.map((point, j) => (j === i ? moved : point)) });
  }

  /** The middle of the widest gap between the points: a new one lies on no other. */
  gap() {
    const xs = [...REACH, ...this.state.p.map(([x]) => x)].sort((a, b) => a - b);
    const gaps = xs.slice(1).map((x, i) => [x / xs[i], Math.sqrt(x * xs[i])]);
    return +gaps.reduce((a, b) => (b[0] > a[0] ? b : a))[1].toPrecision(2);
  }

  zoom(factor) {
    const { start, lo, hi } = this.state;
    this.set({ lo: start - (start - lo) * factor, hi: start + (hi - start) * factor });
  }

  showAll() {
    const all = ["mse", "bce"].flatMap((name) => this.stationary[name].map((s) => s.theta)).filter((t) => Math.abs(t) < 100);
    const [a, b] = [Math.min(0, ...all), Math.max(0, ...all)];
    const room = (b - a || 2) * 0.6;
    this.set({ lo: a - room, hi: b + room });
  }

  tell() {
    const { state } = this;
    if (!(state.lo < state.hi)) [state.lo, state.hi] = [FIELDS.lo.value, FIELDS.hi.value];
    state.start = clamp(state.start, state.lo, state.hi);
    // Not `disabled`: that would take the focus from under the finger.
    this.more.setAttribute("aria-disabled", state.p.length >= MOST);
    this.less.setAttribute("aria-disabled", state.p.length <= 1);
  }

  draw() {
    const { state } = this;
    this.drawData();
    this.search();
    this.ends = {};
    for (const name of ["mse", "bce"]) {
      this.ends[name] = downhill(this.stationary[name], oneWeight(name, this.all, state.start, 1), state.start);
      this.drawLoss(this.losses[name], name, this.stationary[name]);
      this.write(this.found[name], this.report(name));
    }
    const count = this.stationary.mse.filter((s) => s.minimum).length;
    this.say(`MSE has ${count || "no"} ${count === 1 ? "minimum" : "minima"}. Downhill from ${num(state.start, 3)} it goes to ${this.goal("mse")}; BCE goes to ${this.goal("bce")}.`);
    const bends = state.axis === "stretched" ? " The stretched axis bends the curves: let only the strip tell what is convex." : "";
    this.facts.textContent = `The strip under a curve marks where it curves down. BCE has none: it is convex.${bends}`;
  }

  /** Looks for stationary points anew only where the points are others. */
  search() {
    const { p } = this.state;
    if (p === this.searched) return;
    this.searched = p;
    this.all = groups(p);
    // A convex loss turns once at most: a coarse grid misses nothing.
    this.stationary = { mse: stationaryPoints("mse", this.all), bce: stationaryPoints("bce", this.all, 1000, 60) };
  }

  drawData() {
    const { p } = this.state;
    this.data.frame(
      { domain: [0.08, 500], kind: "log", label: "input x" },
      { domain: [-0.4, LABELS + 0.4], ticks: [0, 2, 4], format: (v) => `${v} of 4` }
    );
    p.forEach(([x, ones]) => this.data.take(this.data.px(x), this.data.py(ones), 10, 40));
    this.grips.forEach((grip, i) => {
      grip.setAttribute("display", i < p.length ? "inline" : "none");
      grip.setAttribute("tabindex", i < p.length ? 0 : -1);
      if (i >= p.length) return;
      const [x, ones] = p[i];
      this.data.put(grip, x, ones);
      grip.setAttribute("aria-valuenow", x);
      grip.setAttribute("aria-valuetext", `x = ${num(x, 3)}, ${ones} of 4 labels are 1`);
      this.data.text(x, ones, `x = ${num(x, 3)}`, "xp-quiet", [[15, 4], [-15, 4], [10, -14], [-10, -14], [10, 22], [-10, 22]]);
    });
  }

  drawLoss(chart, name, stationary) {
    const { lo, hi, axis, start } = this.state;
    const { all } = this;
    const { invert } = scale(axis, [lo, hi]);
    const thetas = Array.from({ length: 301 }, (_, i) => invert(i / 300));
    const values = thetas.map((t) => oneWeight(name, all, t));
    const low = Math.min(...values);
    const high = Math.min(Math.max(...values), Math.max(low + 3, 1.1 * oneWeight(name, all, start)));
    const room = (high - low) / 10 || 0.1;
    chart.frame({ domain: [lo, hi], kind: axis, label: "weight θ" }, { domain: [low - 2.4 * room, high + room] });
    chart.line(thetas.map((t, i) => [t, values[i]]), `xp-${name}`);
    for (const [from, to] of this.bent(name, all, thetas)) chart.band(from, to, low - 2.4 * room, low - 1.8 * room, "xp-bent");
    const seen = stationary.filter(({ theta }) => theta >= lo && theta <= hi);
    for (const { theta, value, minimum } of seen) chart.dot(theta, value, `${minimum ? "xp-full-dot" : "xp-dot"} xp-${name}`);
    this.drawStart(chart, name, start);
    for (const { theta, value, minimum } of seen)
      if (minimum) chart.text(theta, value, num(theta, 3), `xp-${name}`, [[1, 20], [-1, 20], [10, -9], [-10, -9]]);
  }

  /** The intervals between neighbouring thetas in which the loss curves down. */
  bent(name, all, thetas) {
    const intervals = [];
    thetas.forEach((theta, i) => {
      if (oneWeight(name, all, theta, 2) >= 0) return;
      const last = intervals.at(-1);
      const next = thetas[i + 1] ?? theta;
      if (last?.[1] === theta) last[1] = next;
      else intervals.push([theta, next]);
    });
    return intervals;
  }

  /** The start and the way down from it. */
  drawStart(chart, name, start) {
    const { lo, hi } = this.state;
    const end = clamp(this.ends[name], lo, hi);
    const way = Array.from({ length: 101 }, (_, i) => start + ((end - start) * i) / 100);
    chart.line(way.map((t) => [t, oneWeight(name, this.all, t)]), "xp-way");
    chart.dot(start, oneWeight(name, this.all, start), "xp-start", 7);
  }

  goal(name) {
    const end = this.ends[name];
    return Number.isFinite(end) ? `θ = ${num(end)}` : `${end > 0 ? "+" : "−"}∞`;
  }

  report(name) {
    const minima = this.stationary[name].filter((s) => s.minimum).map((s) => `θ = ${num(s.theta)} (L = ${num(s.value)})`);
    if (!minima.length) return "No minimum: the loss falls for ever.";
    return `${minima.length === 1 ? "One minimum" : minima.length + " minima"}: ${minima.join("; ")}.`;
  }
}

customElements.get("loss-landscape") ?? customElements.define("loss-landscape", LossLandscape);

/** Scales, and a chart that is drawn in real pixels. */

import { build, clamp, html, num, superscript, svg } from "./dom.js";

export { clamp, html, num, svg };

function niceTicks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= raw * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => +((first + i) * step).toPrecision(12));
}

function powerTicks(low, high, count) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => 10 ** (last - i * every)).reverse();
}

const stretchTicks = (low, high) =>
  [-10, -1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10, 100].filter((t) => t >= low && t <= high);

/** Of these ticks those that have room: zero and the largest first. */
function apart(ticks, place) {
  const kept = [];
  const rank = (v) => Math.abs(v) || Infinity;
  for (const v of ticks.sort((a, b) => rank(b) - rank(a)))
    if (kept.every((other) => Math.abs(place(other) - place(v)) >= 36)) kept.push(v);
  return kept;
}

/** Axis kinds: a monotone map, its inverse and its ticks. `log1` has a place for 0, `stretched` for negative values too. */
const KINDS = {
  linear: { to: (v) => v, from: (u) => u, ticks: niceTicks },
  log: { to: Math.log, from: Math.exp, ticks: powerTicks },
  log1: { to: Math.log1p, from: Math.expm1, ticks: (low, high, count) => [0, ...powerTicks(1, high, count)] },
  stretched: { to: (v) => Math.asinh(v / 0.005), from: (u) => 0.005 * Math.sinh(u), ticks: stretchTicks },
};

/** Maps [low, high] onto [0, 1] by an axis kind; `invert` goes back. */
export function scale(kind, [low, high]) {
  const { to, from, ticks } = KINDS[kind];
  const [a, b] = [to(low), to(high)];
  const powers = (kind === "log" && low < 0.01) || (kind.startsWith("log") && high > 1000);
  return {
    map: (v) => (to(v) - a) / (b - a),
    invert: (u) => from(a + u * (b - a)),
    ticks: (count) => ticks(low, high, count),
    format: (v) => (powers && v > 0 && v !== 1 ? `10${superscript(Math.round(Math.log10(v)))}` : num(v)),
  };
}

const MARGIN = { left: 46, right: 12, top: 10, bottom: 36 };

/**
 * A chart. `frame` clears it and draws the axes; then lines, dots and texts are added in data coordinates. `handles` is a layer
 * that `frame` leaves alone, so that a focused handle keeps the focus.
 */
export class Chart {
  constructor(title, attributes = {}) {
    this.svg = svg("svg", { role: "img", "aria-label": title, ...attributes });
    this.back = this.svg.appendChild(svg("g"));
    this.plot = this.svg.appendChild(svg("svg", { class: "xp-plot", overflow: "hidden" }));
    this.front = this.svg.appendChild(svg("g"));
    this.handles = this.svg.appendChild(svg("g"));
    this.root = html("div", { class: "xp-chart" }, html("div", { class: "xp-title" }, title), this.svg);
  }

  /** Takes the size that the page gives; the drawing has a unit per pixel. */
  measure() {
    const { width, height } = this.svg.getBoundingClientRect();
    const { left, right, top, bottom } = MARGIN;
    [this.w, this.h] = [Math.max(width, 120) - left - right, Math.max(height, 80) - top - bottom];
  }

  /** x and y: {domain, kind, label}; scales are kept. The axes are drawn, and it says so, where they are not those that stand there. */
  frame(x, y) {
    const { left, right, top, bottom } = MARGIN;
    build(this.svg, { viewBox: `0 0 ${this.w + left + right} ${this.h + top + bottom}` });
    // Two pixels more on each side: a curve along an edge keeps its full width.
    build(this.plot, { x: left - 2, y: top - 2, width: this.w + 4, height: this.h + 4, viewBox: `-2 -2 ${this.w + 4} ${this.h + 4}` });
    this.x = scale(x.kind ?? "linear", x.domain);
    this.y = scale(y.kind ?? "linear", y.domain);
    this.plot.replaceChildren();
    this.front.replaceChildren();
    this.taken = [];
    const fresh = this.key !== (this.key = JSON.stringify([x, y, this.w, this.h]));
    if (fresh) this.axes(x, y);
    return fresh;
  }

  axes(x, y) {
    const { left, top } = MARGIN;
    const bottom = top + this.h;
    const text = (x, y, anchor, content) => this.back.append(svg("text", { x, y, "text-anchor": anchor }, content));
    this.back.replaceChildren();
    let grid = "";
    let axis = `M${left} ${bottom}h${this.w}`;
    for (const v of y.ticks ?? this.y.ticks(this.h / 44)) {
      const py = bottom - this.y.map(v) * this.h;
      grid += `M${left} ${py}h${this.w}`;
      text(left - 7, py + 4, "end", y.format ? y.format(v) : this.y.format(v));
    }
    for (const v of apart(this.x.ticks(this.w / 62), (v) => this.x.map(v) * this.w)) {
      const px = left + this.x.map(v) * this.w;
      axis += `M${px} ${bottom}v4`;
      text(px, bottom + 16, "middle", this.x.format(v));
    }
    this.back.prepend(svg("path", { class: "xp-grid", d: grid }), svg("path", { class: "xp-axis", d: axis }));
    text(left + this.w, bottom + 32, "end", x.label);
    if (y.label) text(left + 6, top + 13, "start", y.label);
  }

  /** Pixel position inside the plot. */
  px = (v) => this.x.map(v) * this.w;
  py = (v) => this.h - this.y.map(v) * this.h;

  /** A line through [x, y] pairs; it breaks where a value is not finite or has no place on the axis. */
  line(points, className) {
    let d = "";
    let last = null;
    for (const [x, y] of points) {
      const [px, py] = [this.px(x), clamp(this.py(y), -999, 9999)];
      if (Number.isFinite(px) && Number.isFinite(py)) {
        d += `${last ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
        if (last && Math.hypot(px - last[0], py - last[1]) < 4) continue; // what is kept in mind of the last piece holds here
        if (last) this.trace(last, [px, py]);
        last = [px, py];
      } else last = null;
    }
    return this.plot.appendChild(svg("path", { class: `xp-line ${className}`, d }));
  }

  /** Keeps in mind where a curve runs, in pieces of a few pixels: texts avoid it. */
  trace([ax, ay], [bx, by]) {
    const pieces = Math.ceil(Math.hypot(bx - ax, by - ay) / 6);
    for (let i = 1; i <= pieces; i++) {
      const y = ay + ((by - ay) * i) / pieces;
      if (y > 0 && y < this.h) this.take(ax + ((bx - ax) * i) / pieces, y, 3, 1); // a jump to ∞ goes far beyond
    }
  }

  /** Keeps in mind that something is there; `weight` says how bad it is to hide it. */
  take(px, py, r, weight) {
    this.taken.push([px - r, py - r, px + r, py + r, weight]);
  }

  dot(x, y, className, r = 5) {
    this.take(this.px(x), this.py(y), r, 40);
    return this.front.appendChild(
      svg("circle", { class: className, r, cx: MARGIN.left + this.px(x), cy: MARGIN.top + this.py(y) })
    );
  }

  /** A filled box in data coordinates, behind the lines. */
  band(x0, x1, y0, y1, className) {
    const [a, b] = [Math.max(this.px(x0), 0), Math.min(this.px(x1), this.w)];
    if (b <= a) return;
    const [c, d] = [this.py(y1), this.py(y0)];
    this.plot.prepend(svg("rect", { class: className, x: a, y: c, width: b - a, height: d - c }));
  }

  /**
   * Text beside a data point, on the first of the spots that hides no curve, dot or text, or on the one that hides least. A spot is
   * [dx, dy], in pixels from the point; with a negative dx the text ends there. It is pushed back into the chart.
   */
  text(x, y, content, className, spots) {
    const width = content.length * (className === "xp-quiet" ? 6.7 : 8);
    const px = clamp(this.px(x), 0, this.w);
    let best;
    for (const [dx, dy] of spots) {
      const base = clamp(this.py(y) + dy, 12, this.h - 5);
      const left = clamp(dx < 0 ? px + dx - width : px + dx, 0, this.w + 6 - width);
      const box = [left, base - 11, left + width, base + 3];
      let cost = 0;
      for (const [a, b, c, d, weight] of this.taken) if (a < box[2] && c > box[0] && b < box[3] && d > box[1]) cost += weight;
      if (!(cost >= best?.cost)) best = { cost, box, base, dx };
      if (!cost) break;
    }
    const { box, base, dx } = best;
    this.taken.push([...box, 99]);
    const at = { x: MARGIN.left + box[dx < 0 ? 2 : 0], y: MARGIN.top + base, "text-anchor": dx < 0 ? "end" : "start" };
    this.front.append(svg("text", { ...at, class: `xp-note ${className}` }, content));
  }

  /** A handle that is dragged in two directions with mouse, pen or finger. */
  grip(attributes, move) {
    const circles = [svg("circle", { class: "xp-hit", r: 18 }), svg("circle", { class: "xp-grip", r: 9 })];
    const grip = this.handles.appendChild(svg("g", { class: "xp-handle", ...attributes }, ...circles));
    this.drag(grip, move);
    // Chromium has no touch-action for parts of an SVG: this keeps the page from scrolling under a dragged point.
    grip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    return grip;
  }

  put(grip, x, y) {
    grip.setAttribute("transform", `translate(${MARGIN.left + this.px(x)} ${MARGIN.top + this.py(y)})`);
  }

  /** The data coordinates under a pointer. */
  under(event) {
    const box = this.svg.getBoundingClientRect();
    const u = (event.clientX - box.left - MARGIN.left) / this.w;
    const v = (this.h + MARGIN.top - (event.clientY - box.top)) / this.h;
    return [this.x.invert(clamp(u, 0, 1)), this.y.invert(clamp(v, 0, 1))];
  }

  /** Calls back with data coordinates while `target` is dragged with mouse, pen or finger. */
  drag(target, move) {
    const at = (event) => move(...this.under(event));
    target.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      target.setPointerCapture(event.pointerId);
      at(event);
    });
    target.addEventListener("pointermove", (event) => target.hasPointerCapture(event.pointerId) && at(event));
  }
}

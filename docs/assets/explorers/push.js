/** <push-experiment>: one logit under the hand, each loss's push as an arrow, and how long each needs to get out. */

import { clamp, html, num, svg } from "./dom.js";
import { Experiment } from "./experiment.js";
import { duration, factor, timesAsLong } from "./flow.js";
import { LOSSES, sigmoid } from "./math.js";

const FIELDS = { z: { value: -2, min: -20, max: 8 } };
const { min: LOW, max: HIGH } = FIELDS.z;
const STEP = 0.25;
const INSET = 14; // half a thumb: the slider's ends are the drawing's
const HEIGHT = 208;
const LANES = [["bce", "Cross-entropy", 74], ["mse", "Squared error", 166]];
const REACH = 0.4; // of the width, for a push of 1
const THICK = 26; // half the width of the stream where the push is 1

const push = (name, z) => -LOSSES[name].gradient(1, z);

class PushExperiment extends Experiment {
  static key = "push";
  static label = "How hard each loss pushes, and how long it takes to get out";
  static fields = FIELDS;
  static height = HEIGHT;

  build() {
    this.back = this.svg.appendChild(svg("g"));
    this.front = this.svg.appendChild(svg("g"));
    this.here = this.svg.appendChild(svg("circle", { class: "push-here", cy: HEIGHT + INSET, r: 28 }));
    this.range = html("input", { type: "range", min: LOW, max: HIGH, step: STEP, "aria-label": "Logit z of an example with label 1" });
    this.range.addEventListener("input", () => this.set(+this.range.value));
    this.where = html("p", { class: "push-where", "aria-hidden": "true" });
    this.verdict = html("p", { class: "push-verdict", "aria-hidden": "true" });
    const title = html("p", { class: "push-title" }, html("b", {}, "Drag"), " the logit of a positive example.");
    this.append(title, html("div", { class: "push-lanes" }, this.svg, this.range), this.where, this.verdict);
    this.drag();
  }

  /** The whole drawing is a handle too; the keys then have the slider. */
  drag() {
    const at = ({ clientX }) => {
      const { left } = this.svg.getBoundingClientRect();
      const z = LOW + ((clientX - left - INSET) / (this.width - 2 * INSET)) * (HIGH - LOW);
      this.set(clamp(Math.round(z / STEP) * STEP, LOW, HIGH));
    };
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.svg.setPointerCapture(event.pointerId);
      this.range.focus({ preventScroll: true, focusVisible: false });
      event.preventDefault();
      at(event);
    });
    this.svg.addEventListener("pointermove", (event) => this.svg.hasPointerCapture(event.pointerId) && at(event));
  }

  set(z) {
    this.state.z = z;
    this.dataset.touched = "";
    this.draw();
    this.rest();
  }

  x = (z) => INSET + ((z - LOW) / (HIGH - LOW)) * (this.width - 2 * INSET);

  /** What stands still: the line between wrong and right, and each loss's push everywhere, as a stream of that width. */
  drawBack() {
    const zero = this.x(0);
    const words = (x, anchor, text) => svg("text", { x, y: 12, "text-anchor": anchor }, text);
    const marks = Array.from({ length: (HIGH - LOW) * 4 + 1 }, (_, i) => LOW + i / 4);
    const stream = ([name, , y]) => {
      const side = (sign) => marks.map((z) => `${this.x(z).toFixed(1)} ${(y + sign * THICK * push(name, z)).toFixed(2)}`);
      return svg("path", { class: `push-stream xp-${name}`, d: `M${[...side(-1), ...side(1).reverse()].join("L")}Z` });
    };
    this.back.replaceChildren(
      ...LANES.map(stream),
      svg("path", { class: "push-zero", d: `M${zero} 18V${HEIGHT}` }),
      words(2, "start", "← sure and wrong"),
      words(zero, "middle", "undecided"),
      words(this.width - 2, "end", this.width > 500 ? "sure and right →" : "right →")
    );
  }

  draw() {
    if (this.drawn !== this.width) this.drawBack();
    this.drawn = this.width;
    const { z } = this.state;
    const x = this.x(z);
    const lanes = LANES.flatMap(([name, words, y]) => {
      const force = push(name, z);
      return [
        svg("text", { class: `push-name xp-${name}`, x: 2, y: y - THICK - 7 }, `${words} pushes with ${num(force, 3)}`),
        ...this.arrow(name, x, y, force * REACH * (this.width - 2 * INSET)),
        svg("circle", { class: `push-ball xp-${name}`, cx: x, cy: y, r: 6.5 }),
      ];
    });
    this.front.replaceChildren(svg("path", { class: "push-line", d: `M${x} 34V${HEIGHT}` }), ...lanes);
    this.here.setAttribute("cx", x);
    this.range.value = z;
    this.range.setAttribute("aria-valuetext", `${num(z)}, probability ${num(sigmoid(z), 2)}`);
    this.where.textContent = `z\u00a0=\u00a0${num(z)},  probability ŷ\u00a0=\u00a0${num(sigmoid(z), 2)}`;
    this.verdict.replaceChildren(...this.sentence());
  }

  /** A shaft and a head; the head never is longer than the arrow, and below half a pixel there is none. */
  arrow(name, x, y, length) {
    if (length < 0.5) return [];
    const head = Math.min(13, length * 0.62);
    const tip = x + 6.5 + length;
    return [
      svg("path", { class: `push-shaft xp-${name}`, d: `M${x + 6.5} ${y}H${tip - head * 0.8}` }),
      svg("path", { class: `push-head xp-${name}`, d: `M${tip} ${y}l${-head} ${-head * 0.62}v${head * 1.24}Z` }),
    ];
  }

  /** What it means, in pieces: a strong one, and the words around it. */
  sentence() {
    const { z } = this.state;
    if (z >= 0) {
      const words = z ? "Both pushes fade, as they should." : "Squared error pushes a quarter as hard as cross-entropy.";
      return [html("b", {}, z ? "Right already." : "Undecided."), html("small", {}, words)];
    }
    const ratio = timesAsLong(-z);
    const rates = `${factor(ratio)} times as long at the same rate, ${factor(ratio / 4)} times at four times the rate.`;
    return [
      "If cross-entropy is back at undecided in ", html("b", { class: "xp-bce" }, "1\u00a0second"), ", squared error needs ",
      html("b", { class: "xp-mse" }, duration(ratio).replace(" ", "\u00a0")), ".", html("small", {}, rates),
    ];
  }

  said() {
    const pushes = LANES.map(([name, words]) => `${words} pushes with ${num(push(name, this.state.z), 3)}`).join(", ");
    return `${pushes}. ${this.verdict.textContent}`;
  }
}

customElements.get("push-experiment") ?? customElements.define("push-experiment", PushExperiment);

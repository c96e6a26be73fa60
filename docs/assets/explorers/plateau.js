/** <plateau-run>: a guess first; then both losses bring a logit from -10 to 0 in linear time, and the guess is compared. */

import { clamp, html, num, svg } from "./dom.js";
import { Experiment } from "./experiment.js";
import { duration, factor, logitAt, timesAsLong, timeTo } from "./flow.js";
import { LOSSES } from "./math.js";

const START = 10;
const ARRIVES = { mse: LOSSES.mse.escape(START), bce: LOSSES.bce.escape(START) };
const RATIO = timesAsLong(START);
const PACE = 3; // units of time in a second, for as long as somebody waits
const FIRST = 12; // what the axis shows at first
const WHOLE = 23000; // and at last
const ZOOM = 1.6; // seconds in which it comes to show all
const REST = 5; // and in which the rest then runs
const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [34, 14, 22, 36, 240];

const FIELDS = {
  first: { label: "Which brings it to 0 first?", value: "", options: ["mse", "bce"], names: ["squared error", "cross-entropy"] },
  times: { label: "And the other needs how many times as long?", value: 0, options: [2, 10, 100, 1000, 10000] },
  at: {
    value: 0,
    read: (text) => (text === "end" ? ARRIVES.mse : Number.isFinite(+text) ? clamp(+text, 0, ARRIVES.mse) : null),
    write: (at) => (at >= ARRIVES.mse ? "end" : String(+at.toPrecision(5))),
  },
};

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class PlateauRun extends Experiment {
  static key = "plateau";
  static label = "The plateau: a guess, then the run";
  static fields = FIELDS;
  static height = HEIGHT;

  build() {
    const question = html("p", { class: "push-title" }, html("b", {}, "A guess first."), " A positive example stands at the logit −10. Both losses push it, at the same rate.");
    const guesses = html("div", { class: "plateau-guess" }, this.choice("first"), this.choice("times"));
    const button = (text, onclick, attributes) => html("button", { type: "button", onclick, ...attributes }, text);
    this.main = button("Run", () => (this.frame ? this.stop() : this.run()), { class: "xp-main" });
    this.skip = button("Skip the wait", () => this.leap());
    const buttons = html("div", { class: "xp-row" }, this.main, this.skip, button("Reset", () => this.reset()));
    this.verdict = html("p", { class: "plateau-said", "aria-hidden": "true" });
    this.append(question, guesses, buttons, this.svg, this.verdict);
    if (this.still) this.append(html("div", { class: "plateau-still" }, this.still));
    this.end = this.state.at > FIRST ? WHOLE : FIRST;
  }

  choice(name) {
    const { label, options, names = options.map((option) => num(option)) } = FIELDS[name];
    const radios = options.map((option, i) => {
      const onchange = () => this.set({ [name]: option });
      return html("label", {}, html("input", { type: "radio", name: `plateau-${name}`, value: option, onchange }), html("span", {}, names[i]));
    });
    return html("fieldset", { class: "xp-choice" }, html("legend", {}, label), html("div", {}, ...radios));
  }

  get guessed() {
    return this.state.first !== "" && this.state.times !== 0;
  }

  set(changes) {
    Object.assign(this.state, changes);
    this.draw();
    this.rest();
  }

  reset() {
    this.stop();
    this.end = FIRST;
    this.set({ first: "", times: 0, at: 0 });
  }

  /** At the pace at which cross-entropy needs some seconds. Who asks for less motion sees where that leads. */
  run() {
    if (!this.guessed) return;
    const begin = this.state.at >= ARRIVES.mse ? 0 : this.state.at;
    this.end = Math.max(FIRST, begin);
    if (calm()) return this.show(begin < ARRIVES.bce ? ARRIVES.bce : ARRIVES.mse);
    this.state.at = begin;
    this.play((seconds) => this.show(this.state.at + seconds * PACE));
  }

  /** The axis comes to show the whole wait, then the rest of it runs. */
  leap() {
    if (this.skip.getAttribute("aria-disabled") === "true") return;
    if (calm()) return this.show(ARRIVES.mse);
    const rate = (ARRIVES.mse - this.state.at) / REST;
    const growth = Math.log(WHOLE / this.end) / ZOOM;
    this.play((seconds) => {
      const zoomed = this.end >= WHOLE;
      if (!zoomed) this.end = Math.min(this.end * Math.exp(growth * seconds), WHOLE);
      this.show(this.state.at + (zoomed ? seconds * rate : 0));
    });
  }

  /** Shows a moment. */
  show(at) {
    this.state.at = Math.min(at, ARRIVES.mse);
    const over = this.state.at === ARRIVES.mse;
    this.end = over ? WHOLE : Math.max(this.end, this.state.at * 1.08);
    if (over || !this.frame) this.stop();
    else this.draw();
  }

  /** Calls `step` with the seconds since the last frame, until it is stopped. */
  play(step) {
    cancelAnimationFrame(this.frame);
    let last;
    const next = (now) => {
      this.frame = requestAnimationFrame(next);
      step(Math.min((now - (last ?? now)) / 1000, 0.1));
      last = now;
    };
    this.frame = requestAnimationFrame(next);
    this.draw();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    this.set({});
  }

  draw() {
    const { at } = this.state;
    const over = at >= ARRIVES.mse;
    this.main.textContent = this.frame ? "Pause" : over ? "Run again" : at ? "Go on" : "Run";
    this.main.setAttribute("aria-disabled", String(!this.guessed));
    this.skip.setAttribute("aria-disabled", String(over || at < ARRIVES.bce));
    for (const radio of this.querySelectorAll("input")) radio.checked = radio.value === String(this.state[radio.name.slice(8)]);
    this.svg.replaceChildren(...this.axes(), ...this.trace("bce"), ...this.trace("mse"));
    this.verdict.textContent = this.said();
  }

  x = (time) => LEFT + (time / this.end) * (this.width - LEFT - RIGHT);
  y = (z) => TOP + ((1 - z) / 12) * (HEIGHT - TOP - BOTTOM);

  axes() {
    const bottom = this.y(-11);
    const text = (x, y, anchor, words) => svg("text", { x, y, "text-anchor": anchor }, words);
    const rough = (this.end * 62) / (this.width - LEFT - RIGHT);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((m) => m * power >= rough);
    const marks = Array.from({ length: Math.floor(this.end / step) + 1 }, (_, i) => i * step);
    return [
      ...[0, -5, -10].flatMap((z) => [
        svg("path", { class: z ? "xp-grid" : "xp-now", d: `M${LEFT} ${this.y(z)}H${this.width - RIGHT}` }),
        text(LEFT - 7, this.y(z) + 4, "end", num(z)),
      ]),
      ...marks.flatMap((t) => [svg("path", { class: "xp-axis", d: `M${this.x(t)} ${bottom}v4` }), text(this.x(t), bottom + 16, "middle", num(t))]),
      svg("path", { class: "xp-axis", d: `M${LEFT} ${bottom}H${this.width - RIGHT}` }),
      text(LEFT - 7, 12, "start", "logit z"),
      text(this.width - RIGHT, bottom + 32, "end", "time"),
      text(this.width - RIGHT, 12, "end", "0: undecided"),
    ];
  }

  /** A loss's way up to the moment, its dot, and where that is. */
  trace(name) {
    const time = Math.min(this.state.at, ARRIVES[name]);
    const z = logitAt(name, START, time);
    const way = Array.from({ length: 121 }, (_, i) => -START + ((z + START) * i) / 120);
    const points = [...way.map((z) => [timeTo(name, START, z), z]), [time, z]].map(([t, z]) => `${this.x(t).toFixed(1)} ${this.y(z).toFixed(1)}`);
    const [cx, cy] = [this.x(time), this.y(z)];
    const back = cx > this.width - 130;
    const words = z === 0 ? `at ${num(time, 3)}` : num(z, 6);
    const dy = z === 0 ? 20 : name === "mse" ? -11 : z < 1 - START ? -28 : back ? -10 : 4;
    return [
      svg("path", { class: `xp-line xp-${name}`, d: `M${points.join("L")}` }),
      svg("circle", { class: `xp-dot xp-${name}`, cx, cy, r: 5 }),
      svg("text", { class: `xp-note xp-${name}`, x: cx + (back ? -9 : 10), y: cy + dy, "text-anchor": back ? "end" : "start" }, `${name.toUpperCase()} ${words}`),
    ];
  }

  said() {
    const { at, first, times } = this.state;
    if (!at) return this.guessed ? "Now run." : "Choose an answer to both questions, then run.";
    if (at < ARRIVES.bce) return this.frame ? "They run…" : "Halted.";
    if (at < ARRIVES.mse) {
      const moved = num(logitAt("mse", START, at) + START, 1);
      const wait = duration((ARRIVES.mse - at) / PACE);
      return `Cross-entropy arrived at ${num(ARRIVES.bce, 3)}. Squared error has moved by ${moved}; at this pace it needs another ${wait}.`;
    }
    const proved = `Proved below: squared error needs ${factor(RATIO)} times as long, ${factor(RATIO / 4)} times at four times the rate.`;
    if (!this.guessed) return proved;
    const off = times < RATIO ? `${factor(RATIO / times)} times too few` : `${factor(times / RATIO)} times too many`;
    const guess = first === "bce" ? num(times) + ": " + off : "that it would be the first"; // the minifier takes no template in a template
    return `${proved} You guessed ${guess}.`;
  }
}

customElements.get("plateau-run") ?? customElements.define("plateau-run", PlateauRun);

/** Training in slices, and run, pause, step and rewind for an explorer with a field `at`, the step shown. */

import { BOTH, pair } from "./both.js";
import { html } from "./chart.js";
import { extend } from "./descent.js";

const SECONDS = 7;
const SLICE = 1000; // steps of both losses that a slow processor computes before a hand notices

/**
 * `end(state)` is the last step; `to` and `from` of the field map steps to [0, 1] and back, so that a run moves evenly along the axis
 * that is drawn. Where the reader asks for less motion, a run goes to its end at once.
 */
export class Player {
  constructor(explorer, end, { to, from }) {
    Object.assign(this, { explorer, end, to, from });
    this.main = explorer.button("Run", () => (this.running ? this.pause() : this.run()), { class: "xp-main" });
    const step = explorer.button("Step", () => this.jump(explorer.state.at + 1));
    const reset = explorer.button("Rewind", () => this.jump(0));
    this.root = html("div", { class: "xp-player" }, html("div", { class: "xp-row" }, this.main, step, reset), explorer.control("at"));
  }

  /**
   * Trains both losses to step `end`, anew by `walk(name)` where `setting` is another: a slice at once, the rest with room for the
   * hand between the slices, drawn when all is there. `at` is the step to show: the one asked for, or the last that there is.
   */
  train(setting, end, walk) {
    if (setting !== this.setting) {
      this.setting = setting;
      this.walks = BOTH.map(walk);
      this.paths = { mse: [], bce: [] };
    }
    clearTimeout(this.rest);
    const slice = Math.min(end, this.paths.mse.length + SLICE);
    BOTH.forEach((name, i) => extend(this.paths[name], this.walks[i], slice));
    if (slice < end) this.rest = setTimeout(() => this.train(setting, end, walk) && this.explorer.refresh());
    this.at = Math.min(this.explorer.state.at, slice);
    return slice === end;
  }

  /**
   * Draws both runs up to the step shown, and dots there; what is still to come faintly, unless `ahead` is false. `place` gives the
   * [x, y] of a loss's step.
   */
  draw(chart, marks, place, ahead = true) {
    const { at } = this;
    for (const name of ["bce", "mse"]) {
      if (ahead) chart.line(marks.map((t) => place(name, t)), `xp-${name} xp-faint`);
      chart.line([...marks.filter((t) => t < at), at].map((t) => place(name, t)), `xp-${name}`);
    }
    pair(chart, { mse: place("mse", at), bce: place("bce", at) });
  }

  /** Makes `at` a step of the run; where the end was shown and the run is now longer or shorter, its end is shown. */
  settle() {
    const { state } = this.explorer;
    const end = this.end(state);
    state.at = state.at === this.shown ? end : Math.min(Math.round(state.at), end);
    this.shown = end;
  }

  jump(at) {
    this.pause();
    this.explorer.set({ at: Math.min(at, this.end(this.explorer.state)) });
  }

  run() {
    const { state } = this.explorer;
    const end = this.end(state);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.jump(end);
    const start = state.at >= end ? 0 : this.to(state.at, state);
    let began;
    const frame = (now) => {
      began ??= now;
      const u = Math.min(start + (now - began) / 1000 / SECONDS, 1);
      this.explorer.set({ at: u === 1 ? this.end(state) : this.from(u, this.explorer.state) });
      if (u === 1) this.pause();
      else this.running = requestAnimationFrame(frame);
    };
    this.running = requestAnimationFrame(frame);
    this.main.textContent = "Pause";
  }

  pause() {
    cancelAnimationFrame(this.running);
    this.running = this.shown = null;
    this.main.textContent = "Run";
  }
}

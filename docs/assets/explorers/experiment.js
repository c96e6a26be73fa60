/** What the experiments in an argument share: the state in the address, a drawing of the place's width, what a screen reader hears. */

import { html, svg } from "./dom.js";
import { formatState, parseState, readAddress, writeAddress } from "./state.js";

/**
 * A subclass declares `static key` (its name in the address), `label`, `fields` and `height` (of its drawing), and has the methods
 * `build()`, which fills the element once and places `this.svg`, `draw()`, which shows `this.state`, and `said()`, its words.
 */
export class Experiment extends HTMLElement {
  connectedCallback() {
    const { key, label, fields, height } = this.constructor;
    if (!this.state) {
      this.state = parseState(fields, readAddress(location.search, key));
      this.setAttribute("role", "group");
      this.setAttribute("aria-label", label);
      this.svg = svg("svg", { "aria-hidden": "true", height });
      this.spoken = html("p", { class: "xp-spoken", role: "status" });
      this.build();
      this.append(this.spoken);
    }
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this);
    this.fit(); // at once: the first frame that is painted is complete
    this.spoken.textContent = this.said();
  }

  disconnectedCallback() {
    this.resize.disconnect();
    clearTimeout(this.resting);
    this.stop?.();
  }

  fit() {
    const { width } = this.svg.getBoundingClientRect();
    if (width === this.width) return;
    this.width = width;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.constructor.height}`); // paper has another width
    this.draw();
  }

  /** Once the hand rests, the address has the state, and what is seen is heard. */
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const { key, fields } = this.constructor;
      writeAddress(key, formatState(fields, this.state));
      this.spoken.textContent = this.said();
    }, 300);
  }
}

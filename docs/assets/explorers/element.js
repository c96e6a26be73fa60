/** What all explorers share: controls made from a table of fields, the state in the address, drawing on resize, announcements. */

import { Chart, html } from "./chart.js";
import { formatState, parseState, readAddress, readField, writeAddress } from "./state.js";
import { num } from "./dom.js";

let made = 0;

/**
 * A subclass declares `static key` (its name in the address), `label`, `fields` and `presets`, and has three methods: `build()` fills the
 * element once, `tell()` makes `this.state` sound and shows it in words, `draw()` in charts. A field has a label; with `options` it is a choice, with `slider` a range beside its number.
 */
export class Explorer extends HTMLElement {
  connectedCallback() {
    const { key, label, fields } = this.constructor;
    if (!this.state) {
      this.state = parseState(fields, readAddress(location.search, key));
      this.syncs = [];
      this.charts = [];
      this.stem = `xp-${key}-${made++}`;
      this.setAttribute("role", "group");
      this.setAttribute("aria-label", label);
      this.status = html("p", { class: "xp-status", "aria-hidden": "true" });
      this.spoken = html("p", { class: "xp-spoken", role: "status" });
      this.build();
      // What moves and what is said of it stay in view together while the controls below are reached.
      this.prepend(html("div", { class: "xp-view" }, html("div", { class: "xp-charts" }, ...this.charts.map((chart) => chart.root)), this.status, this.spoken));
      this.append(this.foot());
    }
    this.listening = new AbortController();
    document.addEventListener("click", (event) => this.follow(event), { capture: true, signal: this.listening.signal });
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this);
    this.fit(); // at once: the first frame that is painted is complete
  }

  /** Draws again where the width has changed. */
  fit() {
    const { width } = this.getBoundingClientRect();
    if (width === this.drawn) return;
    this.drawn = width;
    this.charts.forEach((chart) => chart.measure()); // all are read before any is drawn: one layout, not one for each
    this.show();
    this.draw();
  }

  disconnectedCallback() {
    this.resize.disconnect();
    this.listening.abort();
    clearTimeout(this.writing);
    clearTimeout(this.speaking);
    this.player?.pause();
  }

  /** Changes the state, shows it, and writes it to the address once the hand rests. */
  set(changes) {
    Object.assign(this.state, changes);
    this.refresh();
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.save(), 250);
  }

  show() {
    this.tell();
    this.syncs.forEach((sync) => sync());
  }

  /** Controls and words answer at once, the charts when these are painted. */
  refresh() {
    this.show();
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      requestAnimationFrame(() => this.draw());
    });
  }

  save() {
    const { key, fields } = this.constructor;
    writeAddress(key, formatState(fields, this.state));
  }

  load(text) {
    this.player?.pause();
    this.set(parseState(this.constructor.fields, text));
  }

  /** A link on the page to a state of this explorer changes it in place. */
  follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.host + link.pathname !== location.host + location.pathname) return;
    const text = readAddress(link.search, this.constructor.key);
    if (text === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.load(text);
    const { top } = this.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) this.scrollIntoView(); // below the header: see its scroll margin
  }

  /** Shows one sentence with the picture that it belongs to; a screen reader hears it once the hand rests. */
  say(text) {
    clearTimeout(this.speaking);
    this.write(this.status, text);
    const speak = () => this.spoken.textContent !== text && (this.spoken.textContent = text);
    if (this.spoken.textContent) this.speaking = setTimeout(speak, 400);
    else speak();
  }

  /** Puts text into an element; no line ends beside an equals sign. */
  write(element, text) {
    element.textContent = text.replaceAll(" = ", "\u00a0=\u00a0");
  }

  button(text, onclick, attributes = {}) {
    return html("button", { type: "button", onclick, ...attributes }, text);
  }

  presets() {
    const buttons = this.constructor.presets.map(([name, text]) => this.button(name, () => this.load(text)));
    return html("div", { class: "xp-row xp-presets", role: "group", "aria-label": "Settings to try" }, ...buttons);
  }

  foot() {
    const copy = async () => {
      this.save();
      const place = this.closest("[id]");
      const address = location.hash || !place ? location.href : `${location.href}#${place.id}`;
      const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
      this.say(done ? "Link copied: it opens this page as you see it." : "Copy the address of this page: it holds what you see.");
    };
    return html("div", { class: "xp-row xp-foot" }, this.button("Start again", () => this.load("")), this.button("Copy link", copy));
  }

  chart(title, attributes) {
    this.charts.push(new Chart(title, attributes));
    return this.charts.at(-1);
  }

  /** Controls that the lesson does not need: folded, unless they are not as they were. */
  advanced(label, ...names) {
    const { fields } = this.constructor;
    const fold = html("details", { class: "xp-advanced" }, html("summary", {}, `Advanced: ${label}`), this.controls(...names));
    const changed = () => names.some((name) => this.state[name] !== fields[name].value);
    this.syncs.push(() => changed() && (fold.open = true));
    return fold;
  }

  controls(...names) {
    return html("div", { class: "xp-controls" }, ...names.map((name) => this.control(name)));
  }

  control(name) {
    const field = this.constructor.fields[name];
    return field.options ? this.choice(name, field) : this.number(name, field);
  }

  choice(name, { label, options, names = {} }) {
    const id = `${this.stem}-${name}`;
    const radios = options.map((option) => {
      const input = html("input", { type: "radio", name: id, onchange: () => this.set({ [name]: option }) });
      this.syncs.push(() => (input.checked = this.state[name] === option));
      return html("label", {}, input, html("span", {}, names[option] ?? (option > 999 ? num(option) : String(option))));
    });
    return html("fieldset", { class: "xp-choice" }, html("legend", {}, label), html("div", {}, ...radios));
  }

  /** A number box; with `slider` also a range: from `span(state)` or [min, max], or over [0, 1] by the maps `to` and `from`. */
  number(name, field) {
    const id = `${this.stem}-${name}`;
    const box = html("input", { type: "number", id, min: field.min, max: field.max, step: field.step ?? "any" });
    const read = () => box.value !== "" && this.set({ [name]: readField(field, box.value) });
    box.addEventListener("input", read);
    box.addEventListener("change", () => (box.value = this.state[name]));
    this.syncs.push(() => document.activeElement !== box && (box.value = +this.state[name].toPrecision(7)));
    const head = html("div", { class: "xp-name" }, html("label", { for: id }, field.label), box);
    return html("div", { class: field.slider ? "xp-field xp-wide" : "xp-field" }, head, ...(field.slider ? [this.range(name, field)] : []));
  }

  range(name, field) {
    const range = html("input", { type: "range", "aria-label": `${field.label}, slider` });
    const { to, from } = field;
    range.addEventListener("input", () => {
      this.player?.pause();
      this.set({ [name]: from ? from(range.value / 1000, this.state) : readField(field, range.value) });
    });
    this.syncs.push(() => {
      const [low, high] = to ? [0, 1000] : (field.span?.(this.state) ?? [field.min, field.max]);
      [range.min, range.max, range.step] = [low, high, to ? 1 : (field.step ?? (high - low) / 2400)];
      range.value = to ? 1000 * to(this.state[name], this.state) : this.state[name];
      range.setAttribute("aria-valuetext", num(this.state[name], 6));
    });
    return range;
  }
}

/**
 * <div data-inline="gradient">: one control and one sentence beside the paragraph that needs it. What the div holds is shown where
 * scripts do not run; the state stands in the address, as that of the explorers.
 */

import { LOSSES, sigmoid } from "./math.js";
import { num } from "./dom.js";
import { formatState, parseState, readAddress, writeAddress } from "./state.js";

const both = (of) => ({ mse: of(LOSSES.mse), bce: of(LOSSES.bce) });
const times = (value) => `${num(value, 3)} ${num(value, 3) === "1" ? "time" : "times"}`;

/** Of each: the control, two numbers to be drawn as bars (or none), and the sentence. */
const KINDS = {
  gradient: {
    field: { label: "Logit of a positive example", value: -4, min: -12, max: 6, step: 0.1 },
    bars: (z) => both(({ gradient }) => -gradient(1, z)),
    unit: "push",
    say: (z, { mse, bce }) => {
      const how = z < 0 ? `is predicted ${num(sigmoid(z), 2)}, which is wrong` : `is predicted ${num(sigmoid(z), 2)}`;
      return `At ${num(z)} it ${how}: BCE pushes with ${num(bce, 3)}, MSE with ${num(mse, 3)}. BCE pushes ${times(bce / mse)} as hard.`;
    },
  },
  escape: {
    field: { label: "How wrong the start is, a", value: 5, min: 0.1, max: 14, step: 0.1 },
    bars: (a) => both(({ escape }) => escape(a)),
    unit: "time",
    say: (a, { mse, bce }) =>
      `From −${num(a)} BCE is undecided after ${num(bce, 3)}, MSE after ${num(mse, 3)}: ${times(mse / bce)} as long at the same rate, ${times(mse / bce / 4)} with four times the rate for MSE.`,
  },
  curvature: {
    field: { label: "Logit of a positive example", value: -3, min: -8, max: 8, step: 0.1 },
    bars: (z) => both(({ second }) => second(1, z)),
    unit: "curvature",
    say: (z, { mse, bce }) => {
      const bends = mse < 0 ? "bends down, so it is not convex there" : "bends up";
      return `At ${num(z)} the prediction is ${num(sigmoid(z), 2)}: MSE ${bends} (${num(mse, 3)}); BCE bends up (${num(bce, 3)}).`;
    },
  },
  precision: {
    field: { label: "Logit of a negative example", value: 10, min: 0, max: 40, step: 0.1 },
    module: "./precision.js",
    say: (z, _, { FORMATS, evaluate }) => {
      const dead = Object.keys(FORMATS).filter((name) => evaluate(name, "naive", 0, z).mse.gradient === 0);
      const alive = Object.keys(FORMATS).filter((name) => !dead.includes(name));
      const list = (names) => [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
      if (!dead.length) return `At ${num(z)} MSE’s gradient is not zero in any of the four formats.`;
      const rest = alive.length ? ", and alive in " + list(alive) : "";
      return `At ${num(z)} MSE’s gradient is exactly 0 in ${list(dead)}${rest}.`;
    },
  },
};

const element = (tag, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
};

/** Fills a place: the control, its bars, and the sentence, which a screen reader hears when the hand rests. */
async function open(place) {
  const name = place.dataset.inline;
  const { field, bars, unit, say, module } = KINDS[name];
  const tools = module && (await import(module));
  const fields = { v: field };
  const state = parseState(fields, readAddress(location.search, name));
  const range = element("input", { type: "range", min: field.min, max: field.max, step: field.step, value: state.v });
  const sentence = element("p", { className: "inline-said" });
  const spoken = element("p", { className: "inline-spoken" });
  spoken.setAttribute("role", "status");
  const drawn = Object.fromEntries(bars ? ["mse", "bce"].map((loss) => [loss, element("span", { className: `bar-${loss}` })]) : []);
  let resting;
  const show = () => {
    const values = bars?.(state.v);
    const largest = values && Math.max(...Object.values(values).map(Math.abs), 1e-300);
    for (const [loss, bar] of Object.entries(drawn)) {
      bar.style.inlineSize = `${(100 * Math.abs(values[loss])) / largest}%`;
      bar.classList.toggle("bar-below", values[loss] < 0);
    }
    sentence.textContent = say(state.v, values, tools);
    range.setAttribute("aria-valuetext", num(state.v));
  };
  range.addEventListener("input", () => {
    state.v = +range.value;
    show();
    clearTimeout(resting);
    resting = setTimeout(() => {
      spoken.textContent = sentence.textContent;
      writeAddress(name, formatState(fields, state));
    }, 300);
  });
  show();
  sentence.setAttribute("aria-hidden", "true");
  spoken.textContent = sentence.textContent;
  const rows = Object.entries(drawn).map(([loss, bar]) => element("div", { className: "inline-bar" }, element("b", { className: `bar-name-${loss}` }, loss.toUpperCase()), element("div", {}, bar)));
  const picture = element("div", { className: "inline-bars", ariaHidden: "true", title: unit ?? "" }, ...rows);
  place.replaceChildren(element("label", {}, element("span", {}, field.label), range), ...(bars ? [picture] : []), sentence, spoken);
  place.dataset.state = "live";
}

const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => near.unobserve(target) ?? open(target)),
  { rootMargin: "300px" }
);

for (const place of document.querySelectorAll("[data-inline]")) if (Object.hasOwn(KINDS, place.dataset.inline)) near.observe(place);

// What a symbol means: told beside the pointer over a formula, and listed in the panel of an equation for all others.
// The build wrote the list from docs/notation.yml: of each symbol the glyphs that draw it, its meaning, its name in code.

let known;
const list = () => (known ??= fetch(new URL("symbols.json", import.meta.url)).then((answer) => answer.json()));

const glyph = (use) => use.getAttribute("href").slice("#tex-".length);
const isSmall = (use) => use.closest("[transform*='scale(0']") !== null;

/** The symbol that the glyph at this place belongs to: of those that fit the longest, so ŷ before y. */
export function symbolAt({ symbols, indices }, glyphs, place, small) {
  let best = null;
  for (const symbol of symbols) {
    const { length } = symbol.glyphs;
    if (best && best.glyphs.length >= length) continue;
    for (let start = Math.max(0, place - length + 1); start <= place; start++)
      if (symbol.glyphs.every((name, i) => glyphs[start + i] === name)) best = { ...symbol, start };
  }
  // A small letter on its own that can count examples, features or classes does so.
  const index = small && (best?.glyphs.length ?? 1) === 1 && indices.find(({ glyphs: [name] }) => name === glyphs[place]);
  return index ? { ...index, start: place } : best;
}

/** Every symbol of a drawing, each once, in reading order. */
export async function symbolsOf(drawing) {
  const table = await list();
  const uses = [...drawing.querySelectorAll("use")];
  const glyphs = uses.map(glyph);
  const found = uses.map((use, place) => symbolAt(table, glyphs, place, isSmall(use))).filter(Boolean);
  return [...new Map(found.map((symbol) => [symbol.meaning, symbol])).values()];
}

const bracket = (name) => /-2[89]$/.test(name) && name.slice(-2); // of any size
const same = (a, b) => a === b || (bracket(a) && bracket(a) === bracket(b));
const ENDS = [undefined, "N-3D", "N-3C", "N-3E"]; // nothing, or a relation

/** Whether what stands between `before` and `after` stands for itself: in brackets, or alone on a side. */
const alone = (before, after) =>
  (bracket(before ?? "") === "28" && bracket(after ?? "") === "29") || (ENDS.includes(before) && ENDS.includes(after));

/** The factors with a name in a drawing: [{meaning, shown, uses}], each occurrence a list of glyphs. A power of one is none. */
export async function factorsOf(drawing) {
  const { factors } = await list();
  const uses = [...drawing.querySelectorAll("use")];
  const glyphs = uses.map(glyph);
  const found = [];
  for (const { glyphs: ways, meaning, shown } of factors) {
    const places = [];
    for (const way of ways)
      for (let at = 0; at + way.length <= glyphs.length; at++) {
        const end = at + way.length;
        if (!way.every((name, i) => same(name, glyphs[at + i]))) continue;
        const closed = bracket(way.at(-1)) || alone(glyphs[at - 1], glyphs[end]);
        const raised = uses[end] && bracket(way.at(-1)) && isSmall(uses[end]) && !isSmall(uses[end - 1]);
        if (closed && !raised) places.push(uses.slice(at, end));
      }
    if (places.length) found.push({ meaning, shown, places });
  }
  return found.sort((a, b) => uses.indexOf(a.places[0][0]) - uses.indexOf(b.places[0][0]));
}

/** Colours these glyphs and draws a line below them, in the coordinates of their drawing. */
export function mark(places, name) {
  for (const uses of places) {
    const drawing = uses[0].ownerSVGElement;
    for (const use of uses) use.classList.add(name);
    const boxes = uses.map((use) => use.getBoundingClientRect());
    const toDrawing = drawing.getScreenCTM()?.inverse();
    if (!toDrawing || !boxes[0].width) continue;
    const corner = (x, y) => new DOMPoint(x, y).matrixTransform(toDrawing);
    const bottom = Math.max(...boxes.map((box) => box.bottom)) + 2;
    const [from, to] = [corner(boxes[0].left, bottom), corner(boxes.at(-1).right, bottom)];
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("class", `factor-line ${name}`);
    line.setAttribute("d", `M${from.x} ${from.y}H${to.x}`);
    drawing.append(line);
  }
}

const tip = document.createElement("div");
tip.className = "symbol-tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
let leaving;
const stay = () => clearTimeout(leaving);
const hide = () => { stay(); tip.hidden = true; };
const leave = () => { stay(); leaving = setTimeout(hide, 200); };
tip.addEventListener("pointerenter", stay);
tip.addEventListener("pointerleave", leave);
addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });
addEventListener("scroll", hide, { passive: true });

/** Tell the meaning of what the pointer is on, as long as it is on this formula; it came there by `event`. */
export async function follow(formula, event) {
  if (formula.dataset.symbols) return;
  formula.dataset.symbols = "told";
  let last = event; // a pointer that has come to rest when the meanings arrive is answered too
  let tell = () => {};
  formula.addEventListener("pointerleave", leave);
  formula.addEventListener("pointermove", (move) => { if (move.pointerType === "mouse") tell((last = move)); });
  const table = await list();
  const shown = [...formula.children].find((drawing) => drawing.getBoundingClientRect().width);
  const uses = [...shown.querySelectorAll("use")];
  const glyphs = uses.map(glyph);
  tell = ({ clientX, clientY }) => {
    const boxes = uses.map((use) => use.getBoundingClientRect());
    const near = (box) => clientX >= box.left - 1 && clientX <= box.right + 1 && clientY >= box.top - 3 && clientY <= box.bottom + 3;
    const place = boxes.findIndex(near);
    const symbol = place < 0 ? null : symbolAt(table, glyphs, place, isSmall(uses[place]));
    if (!symbol) leave();
    else show(symbol, boxes[symbol.start].left, formula.getBoundingClientRect().bottom);
  };
  if (formula.matches(":hover")) tell(last);
}

/** Below the formula, so that none of it is hidden. */
function show(symbol, left, bottom) {
  stay();
  if (!tip.isConnected) document.body.append(tip);
  tip.replaceChildren(...words(symbol));
  tip.hidden = false;
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${bottom + 2}px`;
}

/** Where the Notation page has it; empty for an index. */
export const address = ({ anchor }) => (anchor ? new URL(`../notation/#${anchor}`, import.meta.url).href : "");

/** Where the site shows a factor. */
export const shownAt = ({ shown }) => new URL(`../${shown}`, import.meta.url).href;

/** Its name in the package's code, and its meaning. */
export function words({ meaning, code }) {
  const name = document.createElement("code");
  name.textContent = code;
  return code ? [name, " ", meaning] : [meaning];
}

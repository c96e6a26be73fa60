// Small conveniences on top of pages that work without them.

/** Buttons in an equation's panel: copy its TeX, copy its permanent address, cite it. */
function equationActions(equation) {
  const facts = equation.querySelector(".equation-facts");
  if (!facts) return;
  const tex = Object.assign(document.createElement("pre"), { className: "equation-tex", tabIndex: 0, textContent: facts.dataset.tex });
  const bar = document.createElement("div");
  bar.className = "equation-actions";
  bar.append(
    copyButton("Copy TeX", () => tex.textContent),
    copyButton("Copy link", () => new URL(`#${equation.id}`, location.href).href),
  );
  facts.append(tex, bar);
  citeButton(equation, bar);
  symbolList(equation, bar);
}

/** What it is made of: factors that have a name, marked in the drawing, and what its symbols mean and stand for. */
async function symbolList(equation, bar) {
  const { symbolsOf, factorsOf, mark, shownAt, address } = await symbols();
  const drawings = [...equation.querySelectorAll(".tex-display > svg")]; // of which the column shows one
  const everywhere = await Promise.all(drawings.map(factorsOf));
  const found = await symbolsOf(drawings[0]);
  const factors = everywhere.reduce((most, some) => (some.length > most.length ? some : most));
  const entry = (href, name, text, className = "") => {
    const item = Object.assign(document.createElement("li"), { className });
    const label = href ? Object.assign(document.createElement("a"), { href }) : document.createElement("span");
    label.append(name);
    item.append(label, ...(text ? [` ${text}`] : []));
    return item;
  };
  const code = (text) => Object.assign(document.createElement("code"), { textContent: text });
  const entries = document.createElement("ul");
  for (const marked of everywhere)
    for (const { meaning, places } of marked) mark(places, `factor-${factors.findIndex((factor) => factor.meaning === meaning) + 1}`);
  factors.forEach((factor, number) => {
    const [name, text] = factor.meaning.split(": ");
    entries.append(entry(shownAt(factor), name, text && `is ${text}`, `factor factor-${number + 1}`));
  });
  for (const symbol of found) {
    const meaning = symbol.means ? `${symbol.meaning}; ${symbol.sign} = ${symbol.means}` : symbol.meaning;
    entries.append(symbol.sign ? entry(address(symbol), symbol.code ? code(symbol.code) : symbol.sign, meaning) : entry("", meaning));
  }
  bar.before(entries);
}

/** Unfolds the equation's own citation. */
function citeButton(equation, bar) {
  const data = document.getElementById("citation");
  if (!data) return;
  const number = equation.querySelector(".equation-number").textContent.replace(/[()]/g, "");
  const panel = document.createElement("div");
  panel.id = `cite-${equation.id}`;
  panel.className = "equation-citation";
  panel.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Cite";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", panel.id);
  button.addEventListener("click", () => {
    if (!panel.firstChild) panel.append(...citation(JSON.parse(data.textContent), equation.id, number));
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
  });
  bar.append(button);
  bar.after(panel);
}

/** BibTeX, with a button that copies it; the build wrote the template from CITATION.cff. */
function citation(template, id, number) {
  const text = template.replaceAll("@number@", number).replaceAll("@id@", id);
  const block = document.createElement("pre");
  block.tabIndex = 0;
  block.setAttribute("role", "group");
  block.setAttribute("aria-label", `BibTeX for equation ${number}`);
  block.textContent = text;
  return [block, copyButton("Copy BibTeX", () => text)];
}

function copyButton(label, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
    button.textContent = copied ? "Copied" : "Not allowed here: select the text";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}

/** Light or dark: as the system prefers, until the reader chooses. */
function schemeSwitch(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => document.body.dataset.mdColorScheme === "slate";
  const show = (dark) => {
    document.body.dataset.mdColorScheme = dark ? "slate" : "default";
    document.querySelector("meta[name=color-scheme]").content = dark ? "dark" : "light";
    button.setAttribute("aria-pressed", String(dark));
  };
  button.addEventListener("click", () => {
    show(!isDark());
    __md_set("scheme", document.body.dataset.mdColorScheme);
  });
  system.addEventListener("change", () => { if (!__md_get("scheme")) show(system.matches); });
  if (isDark() !== system.matches) show(isDark());
  button.setAttribute("aria-pressed", String(isDark()));
}

/** The menu of narrow screens: a key that opens it leads into it, Escape closes it and leads back. */
function drawerButton(button) {
  const box = document.getElementById("__drawer");
  const tell = () => button.setAttribute("aria-expanded", String(box.checked));
  const turn = (open) => { if (box.checked !== open) box.click(); };
  box.addEventListener("change", tell);
  tell();
  button.addEventListener("click", ({ detail: byPointer }) => {
    turn(!box.checked);
    if (!box.checked || byPointer) return;
    const links = document.querySelectorAll(".md-nav--primary :is(.md-nav__link, .md-nav__title)");
    [...links].find((link) => link.tabIndex >= 0 && link.checkVisibility({ visibilityProperty: true }))?.focus();
  });
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !box.checked) return;
    turn(false);
    button.focus();
  });
}

/** The gallery's topics filter its cards. */
function galleryTopics(bar) {
  const cards = document.querySelectorAll(".gallery > li");
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of bar.children) other.setAttribute("aria-pressed", String(on && other === button));
    const topic = button.dataset.topic.replaceAll(" ", "-");
    for (const card of cards) card.hidden = on && !card.dataset.topics.split(" ").includes(topic);
  });
}

/** Which reveals are open stands in the address, so that a reader can send what is seen. */
function revealState(reveals) {
  const open = new URLSearchParams(location.search).get("open") ?? "";
  for (const number of open.split(".")) reveals[number - 1]?.setAttribute("open", "");
  const tell = () => {
    const address = new URL(location);
    const numbers = reveals.flatMap((reveal, place) => (reveal.open ? [place + 1] : []));
    if (numbers.length) address.searchParams.set("open", numbers.join("."));
    else address.searchParams.delete("open");
    history.replaceState(history.state, "", address);
  };
  for (const reveal of reveals) reveal.addEventListener("toggle", tell);
}

/** All notes of the margin open together, and close together. */
function openAll(place, notes) {
  const button = document.createElement("button");
  button.type = "button";
  const all = () => notes.every((note) => note.open);
  const tell = () => { button.textContent = all() ? "Close all notes" : "Open all notes"; };
  button.addEventListener("click", () => {
    const open = !all();
    for (const note of notes) note.open = open;
  });
  for (const note of notes) note.addEventListener("toggle", tell);
  tell();
  place.append(button);
}

/** A link to an equation in a folded proof unfolds it. */
function unfoldTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
}

/** The theme's script adds tools to code as it comes into view: name them. */
function nameWhatTheThemeAdds() {
  document.querySelectorAll(".md-code__nav:not([aria-label])").forEach((nav) => {
    const code = nav.closest("pre")?.querySelector("code") ?? nav;
    nav.setAttribute("aria-label", `Tools for the code: ${code.textContent.trim().slice(0, 40)}, ${serial += 1}`);
  });
}
let serial = 0;
new MutationObserver(nameWhatTheThemeAdds).observe(document.querySelector(".md-content"), { childList: true, subtree: true });
nameWhatTheThemeAdds();

/** On devices without a pointer that hovers the theme takes code that scrolls from the reach of keys: give it back. */
new MutationObserver((changes) => {
  for (const { target } of changes)
    if (target.matches("pre > code:not([tabindex])") && target.scrollWidth > target.clientWidth) target.tabIndex = 0;
}).observe(document.querySelector(".md-content"), { attributes: true, attributeFilter: ["tabindex"], subtree: true });

/** Keys reach code that scrolls. The theme sees to that too, but not before the code comes into view. */
function reachScrollingCode(root) {
  const code = [...root.querySelectorAll("pre > code")].filter((block) => !block.closest("details:not([open])"));
  for (const block of code.filter((block) => block.scrollWidth > block.clientWidth)) block.tabIndex = 0;
}
requestAnimationFrame(() => setTimeout(reachScrollingCode, 0, document)); // when the page has its layout anyway

/** Keys reach a table while it scrolls, and are told which it is: by the words that stand above it. */
function reachTable(box) {
  const scrolls = box.scrollWidth > box.clientWidth;
  box.toggleAttribute("tabindex", scrolls);
  if (!scrolls) {
    box.removeAttribute("role");
    box.removeAttribute("aria-label");
    return;
  }
  const heads = [...box.querySelectorAll("thead th")].map((head) => head.textContent.trim()).filter(Boolean);
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", `Table: ${heads.join(", ")}`);
}
const widths = new ResizeObserver((changes) => changes.forEach(({ target }) => reachTable(target)));
document.querySelectorAll(".table").forEach((box) => widths.observe(box));

/** On paper nothing unfolds: print with proofs open, and leave the page as it was. */
const foldedForScreen = () => document.querySelectorAll(":is(.proof, .reveal):not([open])");
let unfoldedForPaper = [];
addEventListener("beforeprint", () => {
  unfoldedForPaper = [...foldedForScreen()];
  for (const fold of unfoldedForPaper) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of unfoldedForPaper) fold.open = false;
});

/** Screen readers that know mathematics walk through a formula: they find its MathML where others find its words. */
function walkable(words) {
  const root = words.attachShadow({ mode: "open" });
  root.innerHTML = `${words.dataset.mathml}<span aria-hidden="true"><slot></slot></span>`;
  root.firstChild.setAttribute("aria-label", words.ariaLabel ?? words.getAttribute("aria-label"));
  words.removeAttribute("role");
  words.removeAttribute("aria-label");
}
const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 200));
whenIdle(function some(deadline) {
  for (const words of document.querySelectorAll("[data-mathml][role]")) {
    if (deadline && deadline.timeRemaining() < 4) return whenIdle(some);
    walkable(words);
  }
});

// Meanings are fetched when somebody points at a formula for the first time.
let wanted;
const symbols = () => (wanted ??= import("./symbols.js"));
addEventListener("pointerover", (event) => {
  const formula = event.pointerType === "mouse" && event.target.closest?.(".tex");
  if (formula) symbols().then(({ follow }) => follow(formula, event));
}, { passive: true });

// Most of what is folded is never opened, and a long page has much.
addEventListener("toggle", ({ target }) => {
  reachScrollingCode(target);
  if (target.matches(".equation-more") && !target.querySelector(".equation-actions")) equationActions(target.closest(".equation"));
}, { capture: true });
document.querySelectorAll(".gallery-topics").forEach(galleryTopics);
document.querySelectorAll(".scheme-switch").forEach(schemeSwitch);
document.querySelectorAll(".drawer-button").forEach(drawerButton);
revealState([...document.querySelectorAll("details.reveal")]);
document.querySelectorAll(".open-all").forEach((place) => openAll(place, [...document.querySelectorAll(".red-pen > .reveal")]));
addEventListener("hashchange", unfoldTarget);
unfoldTarget();

if (document.querySelector(".wall-filters")) import("./wall.js");

// The explorers are fetched by the pages that hold one, and by no other.
if (document.querySelector("[data-inline]")) import("./explorers/inline.js");
if (document.querySelector("[data-explorer]")) import("./explorers/index.js");

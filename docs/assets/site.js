// Small conveniences on top of pages that work without them.

/** Buttons in an equation's panel: copy its TeX, copy its permanent address. */
function equationActions(equation) {
  const facts = equation.querySelector(".equation-facts");
  const tex = equation.querySelector(".equation-tex code");
  if (!facts || !tex) return;
  const bar = document.createElement("div");
  bar.className = "equation-actions";
  bar.append(
    copyButton("Copy TeX", () => tex.textContent),
    copyButton("Copy link", () => new URL(`#${equation.id}`, location.href).href),
  );
  facts.append(bar);
}

function copyButton(label, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}

/** The gallery's topics filter its cards. */
function galleryTopics(bar) {
  const cards = document.querySelectorAll(".gallery > li");
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of bar.children) other.setAttribute("aria-pressed", String(on && other === button));
    const topic = button.dataset.topic.replaceAll(" ", "-");
    for (const card of cards) card.hidden = on && !card.dataset.topics.split(" ").includes(topic);
  });
}

/** A link to an equation in a folded proof unfolds it. */
function unfoldTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
}

document.querySelectorAll(".equation").forEach(equationActions);
document.querySelectorAll(".gallery-topics").forEach(galleryTopics);
addEventListener("hashchange", unfoldTarget);
unfoldTarget();

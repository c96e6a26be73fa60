/**
 * Turns <div class="explorer" data-explorer="loss"> into a live explorer. What the div holds is shown where scripts do not run.
 * Only the modules of the explorers on the page are fetched.
 */

const EXPLORERS = ["loss", "race", "landscape", "trap"];
const TAGS = { loss: "loss-explorer", race: "loss-race", landscape: "loss-landscape", trap: "separable-trap" };

async function upgrade(place) {
  const name = place.dataset.explorer;
  if (!EXPLORERS.includes(name) || place.dataset.state) return;
  place.dataset.state = "loading";
  try {
    await import(`./${name}.js`);
    place.replaceChildren(document.createElement(TAGS[name]));
    place.dataset.state = "live";
  } catch (error) {
    place.dataset.state = "failed"; // the figure inside stays
    throw error;
  }
}

const upgradeAll = () => document.querySelectorAll("[data-explorer]").forEach(upgrade);

// Material replaces the page's content without loading it anew, and says so on document$.
if (window.document$) window.document$.subscribe(upgradeAll);
else upgradeAll();

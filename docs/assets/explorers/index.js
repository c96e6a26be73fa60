/**
 * Turns <div class="explorer" data-explorer="loss"> into a live explorer. What the div holds is shown where scripts do not run.
 * A module is fetched when its place comes near the window, so that a page costs what is read of it.
 */

const TAGS = { loss: "loss-explorer", race: "loss-race", landscape: "loss-landscape", trap: "separable-trap", weights: "two-weights", push: "push-experiment", plateau: "plateau-run" };

async function upgrade(place) {
  const name = place.dataset.explorer;
  if (!Object.hasOwn(TAGS, name)) return;
  place.dataset.state = "loading";
  try {
    await import(`./${name}.js`);
    const live = document.createElement(TAGS[name]);
    live.still = place.querySelector("figure"); // for paper, where one asks for it
    place.replaceChildren(live);
    place.dataset.state = "live";
  } catch (error) {
    place.dataset.state = "failed"; // the figure inside stays
    throw error;
  }
}

const near = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => near.unobserve(target) ?? upgrade(target)),
  { rootMargin: "300px" }
);

document.querySelectorAll("[data-explorer]").forEach((place) => near.observe(place));

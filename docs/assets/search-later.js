// The theme fetches its search index and the worker that reads it with each page, more bytes than most pages have.
// Here both wait until the reader turns to the search. It runs before the theme's script, so it is no module.
(() => {
  const wanted = new Promise((resolve) => {
    const inSearch = (event) => event.target.closest?.("[data-md-component=search], [for=__search]") && resolve();
    for (const kind of ["focusin", "pointerdown"]) addEventListener(kind, inSearch, { capture: true, passive: true });
    // The theme opens the search by this box: by a key, or for an address with ?q=.
    document.getElementById("__search").addEventListener("change", resolve);
    // Who comes from a result wants its words marked, and the index knows them.
    if (/[?&][hq]=[^&#]/.test(location.href)) resolve();
  });

  const { Worker } = window;
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.ready = wanted.then(async () => {
        const { between } = await import("./search-formulas.js");
        const { ask, hear } = between();
        const worker = new Worker(address);
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data: hear(data) }));
        return (message) => worker.postMessage(ask(message));
      });
    }
    postMessage(message) { this.ready.then((post) => post(message)); }
  };

  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    this.waits = String(address).endsWith("search/search_index.json");
    return open.call(this, method, address, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.waits) wanted.then(() => send.call(this, body));
    else send.call(this, body);
  };

  // The theme waits for a key, and who pastes with the mouse or speaks presses none.
  addEventListener("input", ({ target }) => {
    if (target.matches(".md-search__input")) target.dispatchEvent(new Event("keyup"));
  });
  // A result without words to mark has an address without them.
  const list = document.querySelector(".md-search-result__list");
  new MutationObserver(() => {
    for (const link of list.querySelectorAll("a[href*='?h=']")) link.href = link.href.replace(/\?h=(?=#|$)/, "");
  }).observe(list, { childList: true });
})();

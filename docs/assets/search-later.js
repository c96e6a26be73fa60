// The theme fetches its search index and the worker that reads it with each page, more bytes than most pages have.
// Here both wait until the reader turns to the search. It runs before the theme's script, so it is no module.
(() => {
  const wanted = new Promise((resolve) => {
    const inSearch = (event) => event.target.closest?.("[data-md-component=search], [for=__search]") && resolve();
    for (const kind of ["focusin", "pointerdown"]) addEventListener(kind, inSearch, { capture: true, passive: true });
    // The theme opens the search by this box: by a key, or for an address with ?q=.
    document.getElementById("__search").addEventListener("change", resolve);
    // Who comes from a result wants its words marked, and the index knows them.
    if (/[?&][hq]=/.test(location.search)) resolve();
  });

  const { Worker } = window;
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.ready = wanted.then(() => {
        const worker = new Worker(address);
        worker.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent("message", { data }));
        return worker;
      });
    }
    postMessage(message) { this.ready.then((worker) => worker.postMessage(message)); }
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
})();

// The ledger's wall shows the equations of one status, page or function; what is chosen stands in the address.

const bar = document.querySelector(".wall-filters");
const selects = [...bar.querySelectorAll("select")];
const pages = [...document.querySelectorAll(".wall-page")];
const cards = [...document.querySelectorAll(".wall > li")];
const count = bar.querySelector(".wall-count");

function show() {
  const chosen = selects.filter((select) => select.value).map((select) => [select.dataset.filter, select.value]);
  for (const card of cards) card.hidden = chosen.some(([name, value]) => card.dataset[name] !== value);
  for (const page of pages) page.hidden = !page.querySelector(".wall > li:not([hidden])");
  const shown = cards.filter((card) => !card.hidden).length;
  count.textContent = (shown < cards.length ? `${shown} of ` : "") + `${cards.length} displays`;
}

function save() {
  const address = new URL(location);
  for (const { dataset, value } of selects)
    if (value) address.searchParams.set(dataset.filter, value);
    else address.searchParams.delete(dataset.filter);
  history.replaceState(history.state, "", address);
}

const asked = new URLSearchParams(location.search);
for (const select of selects) {
  const value = asked.get(select.dataset.filter);
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}
bar.addEventListener("change", () => { show(); save(); });
if (selects.some((select) => select.value)) show();

// Finds formulas by their TeX, and equations by their names, in the index that the theme has fetched. The theme's own
// search knows words, and TeX has none: it goes on answering everything else.

import { ranked, words } from "./search-words.js";

const SAME = {
  "\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\leq": "\\le", "\\geq": "\\ge", "\\neq": "\\ne", "\\rightarrow": "\\to",
  "\\lVert": "\\|", "\\rVert": "\\|", "\\Vert": "\\|", "\\lvert": "|", "\\rvert": "|", "\\vert": "|", "−": "-",
};
// What changes a formula's looks and not what it says: marks of a display, sizes, fonts, spaces, braces.
const PLAIN = /\\(?:begin|end|label|tag)\s*\{[^{}]*\}|\\(?:left|right|[bB]igg?[lr]?|math[a-z]+|boldsymbol|text[a-z]*|operatorname|(?:display|text)style|q?quad)(?![a-zA-Z])|\\[\\()[\],;:!> ]|[{}$&~\s]/g;

/** TeX as a row of its signs, each after a space: alike for all ways to write the same formula. */
export function signs(tex) {
  const found = tex.replace(PLAIN, " ").match(/\\[a-zA-Z]+|\\?[^\s]/gu) ?? [];
  return found.map((sign) => ` ${SAME[sign] ?? sign}`).join("");
}

/** From 0 to 2: above 1 where the formula holds what is asked for, and 2 where it is nothing else. */
export function likeness(asked, formula) {
  if (formula.includes(asked)) return 1 + asked.length / formula.length;
  const [wanted, there] = [pairs(asked), new Set(pairs(formula))];
  const share = wanted.filter((pair) => there.has(pair)).length / wanted.length;
  return wanted.length > 2 && share >= 0.75 ? share : 0;
}

function pairs(row) {
  const parts = row.trim().split(" ");
  return parts.slice(1).map((part, i) => `${parts[i]} ${part}`);
}

const GREEK = /^(?:alpha|beta|gamma|delta|epsilon|eta|theta|lambda|mu|pi|rho|sigma|tau|phi|psi|omega)$/i;

/** What in a query is a formula or the name of an equation, also at the end of its address: a test for places. */
export function wish(query) {
  const name = /(?:^|#)(eq-[\w-]*)$/.exec(query.trim().toLowerCase())?.[1];
  if (name) return ({ id }) => (id === name ? 2 : id?.startsWith(name) ? 1 + name.length / id.length : 0);
  const tex = query.trim().replace(GREEK, (letter) => `\\${letter.toLowerCase()}`);
  const asked = /[\\{}^$]/.test(tex) && signs(tex).replace(/( [.,;])+$/, "");
  return asked && (({ row }) => likeness(asked, row));
}

const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
// A formula in a sentence has its plain text beside its TeX, for those who read it in a result.
const INLINE = /\\\((.*?)(?:\\=(.*?))?\\\)/gs;
const readable = (text) => text.replace(INLINE, (_, tex, shown) => shown ?? tex);
const isDisplay = ({ location }) => location.includes("#eq-");

/** The formulas of the index's documents. Titles and texts are HTML there and stay what they are. */
class Formulas {
  constructor(docs) {
    this.docs = docs;
  }

  /** The documents whose words the theme shall search. */
  get words() {
    return this.docs.filter((doc) => !isDisplay(doc)).map((doc) => ({ ...doc, text: readable(doc.text) }));
  }

  /** Each formula with its document: made when it is first asked for. */
  get places() {
    return (this.made ??= this.docs.flatMap((doc) => {
      const id = isDisplay(doc) ? doc.location.split("#")[1] : undefined;
      const found = [...doc.text.matchAll(id ? /\\\[(.*?)\\\]/gs : INLINE)];
      return found.map(({ 0: whole, 1: tex, index }) => ({ doc, id, row: signs(plain(tex)), index, whole }));
    }));
  }

  /** The theme's list of results, best first: for each page its places; nothing where the query is about words. */
  find(query) {
    const wanted = wish(query);
    if (!wanted) return null;
    const hits = this.places.map((place) => ({ place, score: wanted(place) })).filter(({ score }) => score > 0);
    const close = hits.filter(({ score }) => score > 1);
    return this.byPage((close.length ? close : hits).map(({ place, score }) => item(place, score)));
  }

  byPage(items) {
    const pages = new Map();
    const seen = new Set();
    for (const found of items.sort((a, b) => b.score - a.score)) {
      if (seen.has(found.location)) continue;
      seen.add(found.location);
      const path = found.location.split("#")[0];
      pages.set(path, [...(pages.get(path) ?? []), found]);
    }
    for (const [path, found] of pages) {
      if (seen.has(path)) continue;
      const doc = this.docs.find(({ location }) => location === path);
      found.push({ ...doc, text: readable(doc.text), score: 0, terms: {} });
    }
    return [...pages.values()];
  }
}

/** A result: a display's TeX, or else the words around a formula, which is marked. Displays come first. */
function item({ doc, id, index, whole }, score) {
  if (id) return { ...doc, text: `<code>${whole.slice(2, -2)}</code>`, score: score + 2, terms: {} };
  const [start, end] = [doc.text.lastIndexOf(">", index) + 1, doc.text.indexOf("<", index)];
  const [before, after] = [doc.text.slice(start, index), doc.text.slice(index + whole.length, end < 0 ? undefined : end)];
  return { ...doc, text: `${readable(before)}<mark>${readable(whole)}</mark>${readable(after)}`, score, terms: {} };
}

const [SETUP, QUERY, RESULT] = [0, 2, 3]; // the kinds of message between the theme and its worker

/** Stands between the theme and its worker: `ask` passes on what is asked, `hear` what is answered, in turn. */
export function between() {
  const waiting = [];
  let formulas;
  return {
    ask(message) {
      const { type, data } = message;
      if (type === SETUP) {
        formulas = new Formulas(data.docs);
        return { ...message, data: { ...data, docs: formulas.words } };
      }
      if (type !== QUERY) return message;
      const found = formulas?.find(data);
      // What is no formula of this site may have words that are somewhere on it.
      const query = found ? data.replace(/[^\p{L}\p{N}]+/gu, " ") : data;
      waiting.push({ found: found?.length && found, query: query.trim().toLowerCase() });
      return { ...message, data: found?.length ? "" : words(query) };
    },
    hear(message) {
      if (message.type !== RESULT) return message;
      const { found, query } = waiting.shift();
      const items = found || ranked(message.data.items, query);
      return { ...message, data: { ...message.data, items } };
    },
  };
}

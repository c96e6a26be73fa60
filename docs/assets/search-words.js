// Turns a question into the words that the theme's search shall look for, and puts what it finds in order.

// Words of a question that its answer need not have. The theme lets each word end anywhere, so "not" finds "notation".
const SILENT = new Set(("a about all always an and any are as at be bad been but by can cannot could current did do does "
  + "doesn doing don down either else even ever for from gets getting give gives go good got had has have having how i if "
  + "in instead into is isn it its itself just know like make makes many may me mean means might more most much my need no not "
  + "now of off ok on one only or other our out over people please same say says seem seems should shouldn show so some still "
  + "such than that the their them then there these they this those through to too up us use used using very versus vs want was we were "
  + "what when where whether which while who why will with without won work works would you your").split(" "));
// The end of a word that another form of it has not.
const ENDING = /(?:ations?|i[sz]ed|i[sz]es|ing|edly|ed|ies|es|(?<!s)s|ly|e|y|i[sz]e)$/;
// What people call by several names: how they write it, and the beginnings of the words that the site may have for it.
const NAMES = [
  [/mean[- ]squared?[- ]errors?|squared?[- ](?:errors?|loss)|quadratic (?:loss|cost|error)|l2[- ]loss|\bmse(?: loss)?\b/, "mse squared"],
  [/(?:binary |categorical )?cross[- ]?entropy(?: loss)?|\bbce(?:[- ]?loss)?\b|log[- ]?loss\b|logistic loss|negative log[- ]likelihood/, "entropy bce"],
  [/(?:binary|categorical)_crossentropy|bcewithlogits(?:loss)?/, "entropy logits"],
  [/\b(?:neural |deep )?(?:networks?|nets?|nn)\b|\bmodels?\b|\bclassifiers?\b/, "network model classifier"],
  [/\bstuck\b|(?:not|n't|never|no) (?:decreas|chang|improv|learn|mov|go)\w*(?: down)?|\bplateaus?\b/, "stuck plateau"],
  [/\b(?:im|un)balanced?\b|\bskewed\b|\brare\b/, "imbalanced rare"],
  [/\bpuni\w+|\bpenal\w+/, "penalty punish charge"],
  [/\bnon-?convex\w*/, "convex"],
  [/\bderivatives?\b|\bgradients?\b|\bslopes?\b/, "gradient derivative slope"],
  [/\bpredict\w*|\boutputs?\b/, "predict output"],
  [/\bnans?\b|\binf(?:inity)?\b/, "nan inf"],
];

/** A question as parts: the beginnings of the words that were typed, and those of other words for the same thing. */
export function parts(query) {
  const found = [];
  let rest = query.toLowerCase();
  for (const [name, others] of NAMES) {
    rest = rest.replace(name, (typed) => {
      found.push({ typed: split(typed).filter(telling).map(stem), like: others.split(" ").map(stem) });
      return " ";
    });
  }
  const single = split(rest);
  const kept = single.filter(telling);
  const words = found.length || kept.length ? kept : single;
  return [...found, ...words.map((word) => ({ typed: [stem(word)], like: [] }))];
}

const split = (text) => text.split(/(?:^|\s)[-+]|[^\p{L}\p{N}.\-_]+|\.(?!\d)|-/u).filter((word) => word);
const telling = (word) => !SILENT.has(word) && !/^\d$/.test(word);

function stem(word) {
  const short = word.replace(ENDING, "");
  return short.length > 3 ? short : word;
}

/** What the theme shall search: words that matter, without the signs that it obeys; those that were not typed count half. */
export function words(query) {
  if (query.includes('"')) return query; // a phrase, as it stands
  const all = parts(query);
  const typed = new Set(all.flatMap((part) => part.typed));
  const like = new Set(all.flatMap((part) => part.like).filter((word) => !typed.has(word)));
  // Beside others a short word is a whole one: "nan" begins no "name". Alone it may be the beginning of what is typed.
  const ending = (word) => (word.length > 3 || typed.size === 1 ? "*" : "");
  return [...typed, ...like].map((word) => `${word}${ending(word)}^${typed.has(word) ? 4 : 2}`).join(" ");
}

// Pages to look something up come after those that explain.
const LOOKUP = /^(?:gallery|experiments|exercises|slides|changelog|notation|glossary|literature|ledger|reference|benchmarks|notebook|cite|durability|contributing)\//;

/** How much of each part a result has: all for the words that were typed, most for other words. */
const shares = (wanted, terms) => wanted.map(({ typed, like }) =>
  typed.length && typed.every((word) => terms[word]) ? 1 : like.some((word) => terms[word]) ? 0.8 : 0);

/** The weight of each part: a word that is everywhere tells little, and one that is nowhere nothing. */
function weights(wanted, docs) {
  const often = wanted.map(() => 0);
  for (const { terms = {} } of docs) shares(wanted, terms).forEach((share, i) => (often[i] += share > 0));
  return often.map((times) => (times ? Math.log(1 + docs.length / times) : 0));
}

/** How well a result answers. The theme's score prefers pages to sections, and many mentions of one word to all words once. */
function worth({ location, title = "", score, terms = {} }, query, wanted, weight) {
  const whole = weight.reduce((sum, one) => sum + one, 0);
  const share = whole ? shares(wanted, terms).reduce((sum, one, i) => sum + one * weight[i], 0) / whole : 0;
  const found = Object.values(terms);
  const theirs = found.length ? found.filter(Boolean).length / found.length : 0; // as the theme counts it
  const isPage = !location.includes("#");
  const isTheWord = title.replace(/<[^>]*>/g, "").split(", ").some((name) => name.toLowerCase() === query);
  return (score / (1 + (isPage + theirs) ** 2)) * share ** 3 * (isTheWord ? 30 : LOOKUP.test(location) ? 0.3 : 1);
}

/** The pages of a result by their best place. The theme folds what scores less than the first: two sections are seen. */
export function ranked(items, query) {
  const wanted = parts(query);
  const weight = weights(wanted, items.flat());
  const pages = items.map((docs) => {
    const rows = docs.map((doc) => ({ doc, value: worth(doc, query, wanted, weight) })).sort((a, b) => b.value - a.value);
    const best = rows.filter(({ doc }) => doc.location.includes("#")).slice(0, 2);
    const top = Math.max(...docs.map(({ score }) => score));
    const kept = rows.map((row) => (best.includes(row) ? { ...row.doc, score: top } : row.doc));
    return { docs: kept.sort((a, b) => (b.score === top) - (a.score === top)), value: rows[0].value };
  });
  return pages.sort((a, b) => b.value - a.value).map(({ docs }) => docs);
}

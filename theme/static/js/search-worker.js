// Finds posts in the index that review/render/search.py made. It runs beside the page, so that the page never waits for it.
//
// The index holds pairs: every character or foreign word with the one that touches it. Questions are cut the same way, and a
// row of pairs is asked for as a phrase, so what is found has the very words that were asked for.
const root = new URL("../../", import.meta.url);

// Where a site has no posts yet there is no such program, and no page that starts this one.
const first = import(new URL("static/pagefind/pagefind.js", root));

const told = fetch(new URL("static/pagefind/choices.json", root), { cache: "no-cache" }).then((answer) => answer.json());

// Names of columns, units and years, each with its word in the index.
const known = told.then(({ parts, ...choices }) => choices);

// The index of a large site is in parts, the newest last. Each is asked by itself, so that none answers for another; and by
// its own program, since all that one program opens have the same memory.
const engines = told.then(({ parts }) =>
  Promise.all(
    Array.from({ length: parts ?? 1 }, (_, place) =>
      place ? import(new URL(`static/pagefind/${place + 1}/pagefind.js`, root)) : first,
    ).reverse(),
  ),
);
for (const one of [first, known, engines]) one.catch(() => {}); // whoever waits for it says so

const ALONE = "\\u3005-\\u3007\\u3041-\\u3096\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const UNIT = `[${ALONE}]|(?:(?![${ALONE}])[\\p{L}\\p{N}])+`;
const RUNS = new RegExp(`(?:${UNIT})+`, "gu");
const UNITS = new RegExp(UNIT, "gu");
const FIRST = new RegExp(`^(?:${UNIT}|.)`, "u");
const STANDS_ALONE = new RegExp(`^[${ALONE}]`, "u");
const IN_WORD = new RegExp(`(?![${ALONE}])[\\p{L}\\p{N}]$`, "u");
const CHOICE = /^[ⓒⓤⓨ][a-p]+/;
const BESIDE = /^(?:[ⓒⓤⓨ][a-p]+|ⓝ.)/u; // words that are no part of the text
const BLANK = "␣";

// Numbers of documents such as 〔2026〕12号: what brackets they have, if any, is nothing that one remembers.
const BETWEEN = "[\\s()\\[\\]{}<>（）［］｛｝＜＞〔〕【】〈〉《》「」『』﹝﹞﹙﹚]{0,4}";
const NUMBER = new RegExp(
  `([\\u4e00-\\u9fff]{1,20})${BETWEEN}((?:19|20)\\d\\d)(?:${BETWEEN}年?第?${BETWEEN}0*([1-9]\\d{0,4})${BETWEEN}号?)?(?![\\d月])`,
  "gu",
);
const MEETS = new RegExp(`(?<=[${ALONE}])(?=(?![${ALONE}])[\\p{L}\\p{N}])`, "u");

// Words that begin with one unit may lie in several files of the index; these are places among them.
const PROBES = ["", "0", "9", "a", "m", "z"];
for (let code = 0x4e00; code <= 0x9fff; code += 0x200) PROBES.push(String.fromCodePoint(code));

const EXCERPT = 84;
const BEFORE = 24;

/** Full-width letters and digits as plain ones, as the index has them. */
const plain = (text) => text.replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));

/** The rows of units in a question: what stands between them, such as blanks and marks, was not asked for. */
const rowsOf = (words) => [...new Set(plain(words).toLowerCase().match(RUNS) ?? [])];

const pairsOf = (row) => {
  const units = row.match(UNITS);
  return units.length === 1 ? units : units.slice(1).map((unit, place) => units[place] + unit);
};

/** The text that pairs were made of. */
const textOf = (pairs) =>
  pairs.split(" ").filter((pair) => !BESIDE.test(pair)).map((pair) => pair.match(FIRST)?.[0] ?? "").join("").replaceAll(BLANK, " ");

/** From where to where a text has a row or an expression. A foreign word is found from its beginning on: `art` is no part of `part`. */
function places(text, row) {
  if (row instanceof RegExp) return [...text.matchAll(row)].map((one) => [one.index, one.index + one[0].length]);
  const found = [];
  for (let at = text.indexOf(row); at >= 0; at = text.indexOf(row, at + row.length)) {
    if (STANDS_ALONE.test(row) || !IN_WORD.test(text.slice(Math.max(0, at - 2), at))) found.push([at, at + row.length]);
  }
  return found;
}

/** Case folded without changing the length, so that places stay where they are. */
const folded = (text) => [...text].map((one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join("");

/** What every part of the index answers, that of the newest posts first. */
const everywhere = async (ask) => (await Promise.all((await engines).map(ask))).flat();

const phrase = (pairs, options) => everywhere(async (engine) => (await engine.search(`"${pairs.join(" ")}"`, options)).results);

/** The posts that have a row. */
async function having(row) {
  if (row.match(UNITS).length > 1) return phrase(pairsOf(row));
  return everywhere((engine) => beginning(row, engine));
}

/** The posts of one part of the index with any pair that begins with a unit. */
async function beginning(unit, engine) {
  await Promise.all(PROBES.map((probe) => engine.preload(unit + probe)));
  const { results } = await engine.search(unit);
  // Where nothing begins with it, Pagefind takes whatever it begins with itself. Either all of them have it, or none.
  if (results.length && !places(folded(await whole(results[0])), unit).length) return [];
  return results;
}

/** The posts of a column, a unit or a year, the newest first. */
async function chosen([kind, name]) {
  const word = (await known)[kind]?.[name];
  return word ? phrase([word], { sort: { order: "desc" } }) : [];
}

const within = (results, sets) => results.filter((one) => sets.every((set) => set.has(one.id)));
const idsOf = (results) => new Set(results.map((one) => one.id));

async function whole(result) {
  const found = await result.data();
  return textOf(found.content);
}

/** The posts that have every row, the best first. */
async function matching(rows) {
  const sets = [];
  for (const row of rows) {
    const found = await having(row);
    if (!found.length) return [];
    sets.push(idsOf(found));
  }
  // A phrase has no rank in Pagefind. The same pairs as single words have one: how often, and whether in the title.
  const words = rows.flatMap(pairsOf).join(" ");
  const ranked = await everywhere(async (engine) => (await engine.search(words)).results);
  return within(ranked.sort((one, other) => other.score - one.score), sets);
}

/** The numbers of documents in a question: what the index has for each, where a text has it, and what else was asked for. */
function numbersIn(words) {
  const text = plain(words).toLowerCase();
  const numbers = [...text.matchAll(NUMBER)].map(([, issuer, year, number]) => {
    const parts = [...issuer, year];
    const pairs = parts.slice(1).map((part, place) => `ⓝ${parts[place]}${part}`);
    const end = number ? `${BETWEEN}年?第?${BETWEEN}0*${number}${BETWEEN}号` : "(?!\\d)";
    return {
      pairs: number ? [...pairs, `ⓝ${year}号${number}号`] : pairs,
      looks: new RegExp(`${issuer}${BETWEEN}${year}${end}`, "gu"),
    };
  });
  return { numbers, others: rowsOf(text.replace(NUMBER, " ")) };
}

/** The posts that have every number of a document that was asked for, however it is written, and all else that was. */
async function numbered({ numbers, others }) {
  if (!numbers.length) return [];
  const [first, ...more] = await Promise.all([...numbers.map(({ pairs }) => phrase(pairs)), ...others.map(having)]);
  return within(first, more.map(idsOf));
}

/** A question parted where a foreign word or number follows Chinese: texts may have marks there that nobody types. */
function partsIn(rows) {
  const parts = rows.flatMap((row) => row.split(MEETS));
  return parts.length > rows.length && parts.every((part) => [...part].length > 1) ? [...new Set(parts)] : [];
}

/** Several words of a question that was written without blanks, as the browser's dictionary cuts it. */
function wordsIn(rows) {
  if (!globalThis.Intl?.Segmenter) return [];
  const cutter = new Intl.Segmenter("zh", { granularity: "word" });
  const words = rows.flatMap((row) => [...cutter.segment(row)].filter((one) => one.isWordLike).map((one) => one.segment));
  // A single character is in nearly every post: such a cut would find what nobody asked for.
  return words.length > rows.length && words.every((word) => [...word].length > 1) ? [...new Set(words)] : [];
}

async function find({ words, filters }) {
  const rows = rowsOf(words);
  const lists = await Promise.all(Object.entries(filters).map(chosen));
  const sets = lists.map(idsOf);
  if (!rows.length) return { results: words.trim() ? [] : within(lists[0] ?? [], sets), rows, near: false };
  const asked = numbersIn(words);
  const documents = await numbered(asked);
  const ids = idsOf(documents);
  const results = within([...documents, ...(await matching(rows)).filter((one) => !ids.has(one.id))], sets);
  if (results.length) return { results, rows: [...asked.numbers.map(({ looks }) => looks), ...rows], near: false };
  for (const cut of [partsIn(rows), wordsIn(rows)]) {
    const near = cut.length ? within(await matching(cut), sets) : [];
    if (near.length) return { results: near, rows: cut, near: true };
  }
  return { results: [], rows, near: false };
}

/** A text as pieces: `[text, marked]`. */
function marked(text, rows) {
  const low = folded(text);
  const spans = rows.flatMap((row) => places(low, row)).sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let done = 0;
  for (const [from, to] of spans) {
    if (to <= done) continue;
    const start = Math.max(from, done);
    if (start > done) pieces.push([text.slice(done, start), false]);
    pieces.push([text.slice(start, to), true]);
    done = to;
  }
  if (done < text.length) pieces.push([text.slice(done), false]);
  return pieces;
}

/** The part of a text around the first thing that was asked for. */
function excerpt(text, rows) {
  const low = folded(text);
  const first = Math.min(...rows.map((row) => places(low, row)[0]?.[0] ?? text.length), text.length);
  const from = first === text.length || first < BEFORE ? 0 : first - BEFORE;
  const shown = text.slice(from, from + EXCERPT).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, ""); // no half characters
  return [...(from ? [["…", false]] : []), ...marked(shown, rows), ...(from + EXCERPT < text.length ? [["…", false]] : [])];
}

/** What a post can be chosen by: of several columns the last one, which is its own. */
async function namesOf(content) {
  const choices = Object.entries(Object.assign({}, ...Object.values(await known)));
  const words = content.split(" ").map((pair) => pair.match(CHOICE)?.[0]).filter(Boolean);
  return Object.fromEntries(words.map((word) => [word[0], choices.find((one) => one[1] === word)?.[0] ?? ""]));
}

async function item(result, rows) {
  const { content, meta, anchors } = await result.data();
  const names = await namesOf(content);
  const title = textOf(meta.title);
  const text = textOf(content);
  const beside = text.startsWith(title) ? text.slice(title.length).trim() : text;
  const address = new URL(anchors[0].id, root);
  return {
    url: address.href.startsWith(root.href) ? address.href : root.href,
    title: marked(title, rows),
    excerpt: excerpt(beside, rows),
    day: anchors[1]?.id ?? "",
    column: names["ⓒ"] ?? "",
    unit: names["ⓤ"] ?? "",
  };
}

const answers = {
  async filters() {
    return Object.fromEntries(Object.entries(await known).map(([kind, words]) => [kind, Object.keys(words)]));
  },
  async find({ words, filters, from, count }) {
    const { results, rows, near } = await find({ words, filters });
    const items = await Promise.all(results.slice(from, from + count).map((one) => item(one, rows)));
    return { total: results.length, items, near: near ? rows : [] };
  },
};

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ id: data.id, answer: await answers[data.ask](data) });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error) });
  }
});

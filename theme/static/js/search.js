// The page that searches: reads the question from the address, has search-worker.js answer it, and shows the answer. What it
// shows comes from posts and goes into the page as text, never as HTML.
const PAGE = 10;
const FILTERS = ["column", "unit", "year"];

const form = document.getElementById("search");
const field = document.getElementById("q");
const filters = document.getElementById("search-filters");
const selects = Object.fromEntries(FILTERS.map((name) => [name, document.getElementById(`filter-${name}`)]));
const results = document.getElementById("results");
const count = document.getElementById("result-count");
const failure = document.getElementById("failure");
const more = document.getElementById("more");

const worker = new Worker(new URL("search-worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let asked = 0;
let latest = 0;

function ask(question) {
  const id = ++asked;
  worker.postMessage({ ...question, id });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

worker.addEventListener("message", ({ data }) => {
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.error === undefined) resolve(data.answer);
  else reject(new Error(data.error));
});

worker.addEventListener("error", (event) => {
  event.preventDefault();
  fail();
});

/** Say that there is no index to ask, and where to go instead. */
function fail() {
  results.replaceChildren();
  count.textContent = "";
  more.hidden = true;
  filters.hidden = true;
  failure.hidden = false;
}

/** The question in the address: words, filters, and how many answers are shown. */
function question() {
  const given = new URLSearchParams(location.search);
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, given.get(name) ?? ""]).filter(([, value]) => value));
  const shown = Number.parseInt(given.get("shown") ?? "", 10);
  return { words: given.get("q") ?? "", filters: chosen, shown: Math.min(Math.max(shown || PAGE, PAGE), 500) };
}

function addressOf({ words, filters: chosen, shown }) {
  const address = new URL(location.pathname, location.href);
  if (words) address.searchParams.set("q", words);
  for (const [name, value] of Object.entries(chosen)) address.searchParams.set(name, value);
  if (shown > PAGE) address.searchParams.set("shown", String(shown));
  return address;
}

/** An element with text and elements in it. */
function made(name, className, ...parts) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...parts);
  return element;
}

const marked = (pieces) => pieces.map(([text, found]) => (found ? made("mark", "", text) : text));

function shownItem(item) {
  const link = made("a", "", ...marked(item.title));
  link.href = item.url;
  const meta = made("p", "meta");
  if (item.day) {
    const day = made("time", "", item.day);
    day.dateTime = item.day;
    meta.append(day);
  }
  for (const text of [item.column, item.unit]) if (text) meta.append(made("span", "", text));
  const parts = [made("h2", "", link)];
  if (item.excerpt.length) parts.push(made("p", "excerpt", ...marked(item.excerpt)));
  return made("li", "", ...parts, meta);
}

function summary({ total, near }, words) {
  const about = words.trim() ? `与“${words.trim()}”` : "";
  if (!total) return about ? `没有找到${about}有关的内容。可以换一个词，或者放宽栏目、单位、年份。` : "没有符合条件的内容。";
  if (near.length) return `没有与“${words.trim()}”完全一致的内容；以下 ${total} 篇同时含有${near.map((word) => `“${word}”`).join("")}。`;
  return about ? `找到 ${total} 篇${about}有关的内容。` : `共有 ${total} 篇。`;
}

/** Show what the address asks for; from the first answer on, or what comes after those that are shown already. */
async function show(from = 0) {
  const turn = ++latest;
  const { words, filters: chosen, shown } = question();
  if (!words.trim() && !Object.keys(chosen).length) {
    results.replaceChildren();
    count.textContent = "";
    more.hidden = true;
    return;
  }
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await ask({ ask: "find", words, filters: chosen, from, count: shown - from });
    if (turn !== latest) return; // another question has been asked since
    const items = answer.items.map(shownItem);
    if (from) results.append(...items);
    else results.replaceChildren(...items);
    count.textContent = summary(answer, words);
    more.hidden = results.children.length >= answer.total;
    if (from) items[0]?.querySelector("a").focus();
  } catch {
    if (turn === latest) fail();
  } finally {
    if (turn === latest) results.removeAttribute("aria-busy");
  }
}

/** Have field and selects say what the address says. */
function fill() {
  const { words, filters: chosen } = question();
  field.value = words;
  for (const [name, select] of Object.entries(selects)) {
    select.value = chosen[name] ?? "";
    // A value that no post has any more still is what was asked for.
    if (select.selectedIndex < 0) select.add(new Option(chosen[name], chosen[name], true, true));
  }
}

function submitted() {
  const chosen = Object.fromEntries(FILTERS.map((name) => [name, selects[name].value]).filter(([, value]) => value));
  const address = addressOf({ words: field.value.trim(), filters: chosen, shown: PAGE });
  if (address.href !== location.href) history.pushState(null, "", address);
  show();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submitted();
});
filters.addEventListener("change", submitted);
more.addEventListener("click", () => {
  const now = question();
  history.replaceState(null, "", addressOf({ ...now, shown: now.shown + PAGE }));
  show(results.children.length);
});
addEventListener("popstate", () => {
  fill();
  show();
});

async function begin() {
  try {
    const known = await ask({ ask: "filters" });
    const order = new Intl.Collator("zh");
    for (const [name, select] of Object.entries(selects)) {
      for (const option of [...select.options]) if (option.value && !known[name].includes(option.value)) option.remove();
      const listed = [...select.options].map((option) => option.value);
      const values = known[name].filter((value) => !listed.includes(value));
      values.sort(name === "year" ? (a, b) => b - a : order.compare);
      for (const value of values) select.add(new Option(name === "year" ? `${value}年` : value, value));
    }
    filters.hidden = false;
  } catch {
    fail();
    return;
  }
  fill();
  await show();
}

field.value = question().words;
begin();

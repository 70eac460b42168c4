// Searches the words of a static site in the browser, and leads to the moments where they were said.
const root = new URL("../", location);
const count = document.querySelector("#compte");
const list = document.querySelector("#resultats");
const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
const MOST = 20, MOMENTS = 3, BEFORE = 8, AFTER = 24; // results, moments of each, words around what was found

const clock = (seconds) => {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return h ? `${h}:${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}` : `${m}:${String(s).padStart(2, "0")}`;
};
const make = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

// Where words were found, each in another paragraph, with that paragraph's second.
const moments = (found) => {
  const paragraphs = found.anchors.filter((anchor) => anchor.element === "p" && anchor.id.startsWith("t="));
  const places = new Map();
  for (const location of found.locations) {
    const there = paragraphs.filter((anchor) => anchor.location <= location).at(-1);
    if (there && !places.has(there.id)) places.set(there.id, location);
  }
  return [...places].slice(0, MOMENTS);
};

const show = (found) => {
  const page = new URL(`.${found.raw_url ?? found.url}`, root);
  const words = found.content.split(/\s+/);
  const said = moments(found).map(([id, at]) =>
    make("p", {},
      make("a", { href: `${page}#${id}` }, clock(Number(id.slice(2)))), " … ",
      words.slice(Math.max(0, at - BEFORE), at).join(" "), " ", make("mark", {}, words[at] ?? ""), " ",
      words.slice(at + 1, at + AFTER).join(" "), " …"));
  list.append(make("li", {}, make("a", { href: page }, found.meta.title), ...said));
};

if (query) {
  document.querySelector("#q").value = query;
  try {
    const pagefind = await import(new URL("pagefind/pagefind.js", root));
    const { results } = await pagefind.search(query);
    count.textContent = results.length ? `${results.length} résultat${results.length > 1 ? "s" : ""}` : "Rien ne contient ces mots\u00a0: essayez-en d’autres.";
    for (const result of results.slice(0, MOST)) show(await result.data());
  } catch {
    count.textContent = "La recherche n’a pas pu être chargée\u00a0: rechargez la page, ou parcourez la liste des masterclass.";
  }
}

// The glossary's list, and the map around a term. Text arrives as data and is shown as text; the script never runs again.

const SVG = "http://www.w3.org/2000/svg";

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const draw = (tag, attributes, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const address = (slug) => `/glossaire?terme=${encodeURIComponent(slug)}`;
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const { compare } = new Intl.Collator("fr");

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".glossary");
  const shown = JSON.stringify(data);
  if (root.dataset.shown === shown) return;
  root.dataset.shown = shown;
  root.replaceChildren(...(data.map ? map(data.map) : list(data)));
}

function list({ terms, filter }) {
  const known = terms.map((term) => ({ ...term, folded: fold([term.term, ...term.also, ...term.recognised].join(" ")), letter: fold(term.term)[0].toUpperCase() })).sort((a, b) => compare(a.term, b.term));
  const input = make("input", { id: "filter", type: "search", autocomplete: "off", value: filter });
  const count = make("p", { className: "count", role: "status" });
  const groups = make("div");
  const orders = { letter: "De A à Z", category: "Par thème" };
  let order = "letter";

  const show = () => {
    const words = fold(input.value).split(" ").filter(Boolean);
    let found = known.filter((term) => words.every((word) => (" " + term.folded).includes(" " + word)));
    if (!found.length) found = known.filter((term) => words.some((word) => fold(term.definition).includes(word)));
    count.textContent = found.length ? `${found.length} mot${found.length > 1 ? "s" : ""}` : "Aucun mot du glossaire ne commence ainsi.";
    const headings = [...new Set(known.map((term) => term[order]))];
    headings.sort(compare);
    groups.replaceChildren(
      ...headings
        .map((heading) => [heading, found.filter((term) => term[order] === heading)])
        .filter(([, inside]) => inside.length)
        .map(([heading, inside]) =>
          make("section", { ariaLabel: heading }, make("h2", { textContent: heading }), make("dl", {}, ...inside.flatMap(entry))),
        ),
    );
  };
  const entry = (term) => [
    make("dt", {}, make("a", { href: address(term.slug), textContent: term.term }), term.also.length ? make("small", { textContent: ` ${term.also.join(" · ")}` }) : ""),
    make("dd", { textContent: term.definition }),
  ];

  const choice = make("fieldset", {}, make("legend", { textContent: "Trier par" }));
  for (const [value, text] of Object.entries(orders)) {
    const radio = make("input", { type: "radio", name: "order", value, checked: value === order });
    radio.addEventListener("change", () => ((order = value), show()));
    choice.append(make("label", {}, radio, ` ${text}`));
  }
  input.addEventListener("input", show);
  show();
  return [make("div", { className: "row" }, make("div", { className: "field" }, make("label", { htmlFor: "filter", textContent: "Chercher un mot" }), input), choice), count, groups];
}

// Lines of a label: at most about so many characters.
function wrap(text, width = 19) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line && line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

function map({ term, nodes, edges }) {
  const [width, height] = [760, 470];
  const place = Object.fromEntries(nodes.map(({ slug, x, y }) => [slug, [width / 2 + x * 285, height / 2 + y * 190]]));
  const lines = edges.map(([a, b]) => draw("line", { x1: place[a][0], y1: place[a][1], x2: place[b][0], y2: place[b][1], class: a === nodes[0].slug || b === nodes[0].slug ? "own" : "among" }));
  const labels = nodes.map((node, i) => {
    const [x, y] = place[node.slug];
    const text = wrap(node.term);
    const [w, h] = [Math.max(...text.map((line) => line.length)) * 7.6 + 24, text.length * 18 + 14];
    const box = draw("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 10 });
    const words = draw("text", { x, y: y - (text.length - 1) * 9 + 5 }, ...text.map((line, n) => { const span = draw("tspan", { x, dy: n ? 18 : 0 }); span.textContent = line; return span; }));
    if (!i) return draw("g", { class: "here" }, box, words);
    const link = draw("a", { href: address(node.slug), "aria-label": node.term }, box, words);
    link.append(Object.assign(draw("title", {}), { textContent: node.why }));
    return link;
  });
  const picture = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `Carte des mots qui vont avec «\u00a0${term}\u00a0»` }, ...lines, ...labels);
  const items = nodes.slice(1).map((node) => make("li", {}, make("a", { href: address(node.slug), textContent: node.term }), make("small", { textContent: ` ${node.why}` })));
  return [picture, make("ul", { className: "near" }, ...items)];
}

// What the player, the notes and the editor share. It is put before each of them: a component has no files to import.

const clock = (s) => {
  const [h, m, r] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, Math.floor(s % 60)];
  return (h ? `${h}:${String(m).padStart(2, "0")}` : m) + ":" + String(r).padStart(2, "0");
};
const make = (tag, props = {}, ...children) => {
  const { data = {}, aria = {}, ...rest } = props;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(name === "role" ? name : `aria-${name}`, value);
  node.append(...children);
  return node;
};
const button = (label, action, props = {}) => make("button", { type: "button", textContent: label, ...props, data: { do: action } });
// What a private window or a full disk refuses is only not remembered.
const kept = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* not kept */ } } };
// Letters without accents and case, with the place in the text each came from.
const fold = (text, each) => {
  for (let i = 0; i < text.length; i++)
    for (const letter of text[i].replace(/[œŒ]/, "oe").replace(/[’ʼ]/, "'").replace(/\s/, " ").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()) each(letter, i);
};

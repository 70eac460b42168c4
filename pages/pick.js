// Gives a small file to the page: chosen or dropped, read here, sent with the page's own messages.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".hub-pick");
  root.give = (file) => setStateValue("file", file);
  if (root.childElementCount) return;
  const make = (tag, props = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), props);
    node.append(...children);
    return node;
  };
  const field = make("input", { type: "file", accept: data.accept });
  field.setAttribute("aria-label", data.label);
  const words = make("p", { textContent: "ou le déposer ici" });
  words.setAttribute("role", "status");
  root.append(make("div", { className: "hub-drop" }, make("span", { textContent: data.label }), words, field));
  field.addEventListener("change", () => {
    const file = field.files[0];
    if (!file) return;
    field.value = "";
    if (file.size > data.most) {
      words.textContent = `«\u00a0${file.name}\u00a0» dépasse ${data.most / 1e6} Mo\u00a0: rien n’a été lu\u202f; choisissez un fichier plus petit.`;
      return;
    }
    const reader = new FileReader();
    reader.onload = () => { words.textContent = file.name; root.give(reader.result.split(",")[1] ?? ""); };
    reader.onerror = () => { words.textContent = `«\u00a0${file.name}\u00a0» ne peut pas être lu\u00a0: choisissez-le de nouveau.`; };
    reader.readAsDataURL(file);
  });
}

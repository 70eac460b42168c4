// Tells when a job is over while the page stands in another tab. Nothing is asked of the browser before the button is pressed.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".hub-notify");
  if (!("Notification" in window)) return;
  if (!root.button) {
    root.known = new Set(Object.keys(data));
    root.button = Object.assign(document.createElement("button"), { type: "button", className: "hub-plain-button" });
    root.words = Object.assign(document.createElement("span"), { className: "hub-byline" });
    root.words.setAttribute("role", "status");
    root.append(root.button, root.words);
    root.show = () => {
      root.button.hidden = Notification.permission !== "default";
      root.button.textContent = "Me prévenir quand c’est fini";
      root.words.textContent = {
        granted: "Ce navigateur vous préviendra quand un travail sera fini, tant que cette page reste ouverte.",
        denied: "Ce navigateur refuse les notifications de ce site.",
        default: "",
      }[Notification.permission];
    };
    root.button.addEventListener("click", async () => { await Notification.requestPermission(); root.show(); });
    root.show();
  }
  for (const [id, text] of Object.entries(data)) {
    if (root.known.has(id)) continue;
    root.known.add(id);
    if (Notification.permission === "granted") new Notification("Opération Milliard", { body: text, tag: id });
  }
}

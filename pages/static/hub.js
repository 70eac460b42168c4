// What Streamlit's page lacks: links that do not load everything anew, focus, French, and a word when the connection is lost.
// Nothing here touches what a speaker said or a member wrote.

const main = () => document.querySelector("[data-testid=stMain]");

document.addEventListener("click", (event) => {
  const link = event.composedPath()[0].closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const pages = document.documentElement.dataset.pages?.split(" ") ?? [];
  const to = new URL(link.getAttribute("href"), location); // that of a drawing is no string as a property
  if (!main() || link.closest(".hub-first") || !["", "_self"].includes(link.getAttribute("target") ?? "") || to.origin !== location.origin || !pages.includes(to.pathname)) return;
  const place = to.pathname === location.pathname && to.hash && document.getElementById(to.hash.slice(1));
  if (place) {
    event.preventDefault();
    history.replaceState(history.state, "", to); // to be copied from the address bar
    place.scrollIntoView();
    place.focus({ preventScroll: true });
    return;
  }
  // Streamlit follows the browser's back and forward buttons without loading anew: it follows this too.
  event.preventDefault();
  history.pushState({}, "", to);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  main().scrollTo(0, 0);
});

// A fold that is drawn anew, with another number of filters, stays as it was.
let unfolded = false, fold = null;
document.addEventListener("toggle", ({ target }) => { if (target.matches?.(".hub-fold")) unfolded = target.open; }, true);
const refold = () => {
  const now = document.querySelector(".hub-fold");
  if (now && now !== fold) (fold = now).open = unfolded;
};

// Streamlit takes « autofocus » out of what opens above the page: whoever opens it stands in it all the same.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.newState === "open" && event.target.matches(".rd-large")) event.target.querySelector("button").focus();
  },
  true,
);

// Streamlit's own words: whole texts only, and not where the hub's own text stands.
const FRENCH = {
  "App pages": "Pages", "Sidebar": "Menu", "Navigate to home page": "Accueil", "Clear value": "Effacer", "Close": "Fermer",
  "Close sidebar": "Fermer le menu", "Open sidebar": "Ouvrir le menu", "Collapse sidebar": "Fermer le menu",
  "Expand sidebar": "Ouvrir le menu", "Skip to main content": "Aller au contenu", "Main menu": "Menu principal", "Open": "Ouvrir",
  "Loading": "Chargement", "Loading...": "Chargement…", "Running...": "Chargement…", "Stop": "Arrêter", "Rerun": "Actualiser",
  "Connection error": "Connexion perdue", "No results": "Aucun résultat", "Choose an option": "Choisir", "Fullscreen": "Plein écran",
  "Next page": "Page suivante", "Previous page": "Page précédente", "Link to heading": "Lien vers ce titre", "Logo": "Opération Milliard",
  "Copy to clipboard": "Copier", "Copied": "Copié",
  "Failed to generate file for download": "Ce fichier n’est pas donné\u00a0: votre accès a pu changer\u202f; rechargez la page.",
  "Show password text": "Montrer", "Hide password text": "Cacher",
};
const OURS = ".stHtml, .hub-first, [data-testid=stMarkdownContainer], .hub-offline, .mc";
const NAMES = ["aria-label", "title", "alt", "placeholder"];

// What the bar of pages has no room for hides behind a number of them, which counts as text of ours elsewhere.
const MORE = /^\d+ more$/;

const translate = (node) => {
  if (node.nodeType === Node.TEXT_NODE) {
    const said = FRENCH[node.data.trim()];
    if (said && !node.parentElement?.closest(OURS)) node.data = said;
    else if (MORE.test(node.data) && node.parentElement?.closest("header")) node.data = "Autres";
  } else if (node.nodeType === Node.ELEMENT_NODE && (!node.closest(OURS) || node.closest("header"))) {
    for (const name of NAMES) {
      const said = FRENCH[node.getAttribute(name)];
      if (said) node.setAttribute(name, said);
    }
    node.childNodes.forEach(translate);
  }
};

new MutationObserver((changes) => {
  for (const change of changes) change.type === "childList" ? change.addedNodes.forEach(translate) : translate(change.target);
  connection();
  vouched();
  dismiss();
  cited();
  begun();
  refold();
}).observe(document.documentElement, {
  childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: [...NAMES, "data-test-connection-state"],
});

// The first words give way to the page as soon as it has words of its own. Where they are quotes they wait until it is whole,
// and until nobody listens to them or writes beside them; what is read stays where it is.
const begun = () => {
  const first = document.querySelector(".hub-first"), page = main();
  if (!first || !page) return;
  const quote = first.querySelector(".hub-quote");
  if (quote ? page.getAttribute("aria-busy") !== "false" : !page.querySelector("h1, h2, .hub-state")) return;
  if (first.contains(document.activeElement) || first.querySelector(".hub-hear[open]")) return;
  const there = page.querySelector(".hub-quote");
  const moved = quote && there ? there.getBoundingClientRect().top - quote.getBoundingClientRect().top : 0;
  first.remove();
  page.scrollBy(0, moved);
};
document.addEventListener("focusout", () => setTimeout(begun));
document.addEventListener("toggle", begun, true);

// Whoever listens to the page rather than looks at it is told while it is still being drawn; the tests wait for it too.
const DRAWING = "[data-testid=stSkeleton], [data-testid=stSpinner], [data-stale=true], .mc:empty";
new MutationObserver(() => {
  const drawn = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning] .hub-foot") && !main().querySelector(DRAWING);
  main()?.setAttribute("aria-busy", String(!drawn));
  begun();
  if (drawn) titled ||= document.title; // the browser itself tells the first
  if (drawn) telling ??= setTimeout(tell, 300); // for a moment the page before stands under the new title
  else telling = clearTimeout(telling);
}).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-test-script-state", "data-stale"] });

// Whoever listens is told where they came, and what a choice or a question brought: in one place that stays, since what comes
// together with its words is often not read out.
const voice = Object.assign(document.createElement("p"), { className: "hub-hidden", role: "status" });
document.body.append(voice);
let titled = "", telling;
const tell = () => {
  telling = undefined;
  const moved = document.title !== titled;
  const words = [...(moved ? [document.title] : []), ...[...main().querySelectorAll("[data-told]")].map((node) => node.innerText.replace(/\s+/g, " "))].join(" ");
  if (moved && document.activeElement === document.body) main().focus({ preventScroll: true }); // the link that was followed is gone
  if (moved || (words && words !== voice.textContent)) voice.textContent = words;
  titled = document.title;
};

// Streamlit says nothing in French, or nothing at all, when its socket closes. What was loaded can still be read.
const note = Object.assign(document.createElement("p"), { className: "hub-offline", role: "status" });
let connected = false, waiting = null;

const connection = () => {
  const state = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState;
  if (state === "CONNECTED") {
    connected = true;
    clearTimeout(waiting);
    waiting = null;
    note.textContent = "";
  } else if (connected && state && !waiting) {
    waiting = setTimeout(() => {
      document.body.append(note);
      note.textContent = "Connexion perdue\u00a0: ce qui est affiché reste lisible, la suite reprendra d’elle-même.";
    }, 1500);
  }
};

// Its own dialog says the same, in English, and would take the page away from whoever is reading or writing.
let written = null;
document.addEventListener("selectionchange", () => {
  const selection = getSelection(), node = document.activeElement;
  if (node?.isContentEditable && selection.rangeCount) written = { node, range: selection.getRangeAt(0).cloneRange() };
});
const dismiss = () => {
  const dialog = document.querySelector("[data-testid=stDialog]");
  if (!dialog || !/Connection error|Connexion perdue/.test(dialog.textContent)) return;
  dialog.querySelector("button")?.click();
  const back = written;
  const again = () => {
    if (document.querySelector("[data-testid=stDialog]")) return requestAnimationFrame(again);
    if (back?.node.isConnected && back === written) { back.node.focus({ preventScroll: true }); getSelection().removeAllRanges(); getSelection().addRange(back.range); }
  };
  if (back) again();
};

// A provider vouches for somebody: the token opens a session of ours, so that routes know them too.
const vouched = () => {
  const token = document.querySelector(".hub-vouched")?.dataset.token;
  // Not twice in a row: a browser that refuses the cookie would be sent round and round.
  if (!token || Date.now() - Number(sessionStorage.getItem("hub-vouched")) < 15000) return;
  sessionStorage.setItem("hub-vouched", String(Date.now()));
  fetch("/entrer", { method: "POST", body: new URLSearchParams({ token }) })
    .then((answer) => { if (answer.ok) location.replace(answer.url); });
};

// Whoever was sent to a sentence of a study, or to a place, sees it: once, when the page that has it is there.
let sent = "";
const cited = () => {
  const place = location.hash && document.getElementById(location.hash.slice(1))?.closest(".hub-places article");
  if (place && sent !== location.href) {
    sent = location.href;
    place.scrollIntoView();
    place.focus({ preventScroll: true });
  }
  const page = document.querySelector(".hub-page"), mark = page?.querySelector("mark"), query = new URLSearchParams(location.search);
  if (!mark || sent === location.href || page.dataset.place !== `${query.get("p")}.${query.get("s")}`) return;
  sent = location.href;
  mark.scrollIntoView({ block: "center" });
};

// A quote is heard where it stands, one at a time. Opening and playing do not bubble: they are met on their way down.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.(".hub-hear")) return;
  const audio = target.querySelector("audio");
  if (target.open) audio.play().catch(() => {}); // a browser that wants a second click shows the player all the same
  else audio.pause();
}, true);
document.addEventListener("play", ({ target }) => {
  for (const other of document.querySelectorAll(".hub-hear audio")) if (other !== target) other.pause();
}, true);

// Without HTTPS a browser has no clipboard for scripts: it copies what is selected.
const copy = async (text, from) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = Object.assign(document.createElement("textarea"), { value: text, className: "hub-hidden" });
  (from.closest("dialog") ?? document.body).append(box); // what an open dialog covers cannot be selected
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (!done) throw new Error("refused");
};
// A button copies the text that it holds, or that of the field before it, and says so in what stands after it.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const say = (words) => { button.nextElementSibling.textContent = words; };
  copy(button.dataset.copy || button.previousElementSibling.value, button).then(() => say("Copié."), () => say("Ce navigateur refuse de copier."));
});

translate(document.body);

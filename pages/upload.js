// Sends files in pieces over the tus protocol: a cut connection, a pause or a closed page costs the piece on its way at most.

const PIECE = 8 << 20; // bytes
const WAITS = [1, 2, 5, 10, 20, 30]; // seconds before each new try
const TUS = { "Tus-Resumable": "1.0.0" };

const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} ko` : bytes < 1e9 ? `${Math.round(bytes / 1e6)} Mo` : `${(bytes / 1e9).toFixed(1).replace(".", ",")} Go`);
const left = (s) => (s < 60 ? "moins d’une minute" : s < 5400 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`);
const utf8 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text.toWellFormed?.() ?? text)));
const sleep = (seconds) => new Promise((done) => {
  const timer = setTimeout(done, seconds * 1000);
  addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
});

class Refused extends Error { constructor(words, status) { super(words); this.status = status; } }
class Later extends Error {}

// One request; ``progress`` hears bytes sent. Resolves with the answer whatever its status, rejects when none comes.
const ask = (item, method, url, headers, body, progress) =>
  new Promise((done, fail) => {
    const request = (item.request = new XMLHttpRequest());
    request.open(method, url);
    for (const [name, value] of Object.entries({ ...TUS, ...headers })) request.setRequestHeader(name, value);
    if (progress) request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => done(request);
    request.onerror = request.onabort = request.ontimeout = () => fail(new Error("cut"));
    request.send(body);
  });

const checked = (answer, ...fine) => {
  if (fine.includes(answer.status)) return answer;
  let words = "";
  try { words = JSON.parse(answer.responseText).detail; } catch { /* no sentence of ours */ }
  if ([408, 423, 429].includes(answer.status) || answer.status >= 500) throw new Later(words);
  if (answer.status === 403) words = "Votre accès a pris fin\u00a0: ce qui est arrivé est gardé\u202f; rouvrez le hub, puis choisissez le même fichier.";
  throw new Refused(words || "L’envoi est refusé\u00a0: rien n’a été gardé\u202f; rechargez la page et recommencez.", answer.status);
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".hub-upload");
  root.done = (id) => setTriggerValue("done", id);
  if (root.childElementCount) return root.stop;

  const items = [];
  const field = make("input", { type: "file", multiple: true, accept: data.accept });
  field.setAttribute("aria-label", "Choisir des fichiers");
  const drop = make("div", { className: "hub-drop" }, make("span", { textContent: "Choisir des fichiers" }),
    make("p", { textContent: "ou les déposer ici : enregistrement (son ou vidéo), sous-titres (.vtt, .srt) ou document (PDF, Word, OpenDocument, HTML, Markdown)" }), field);
  root.append(drop);
  for (const name of ["dragenter", "dragover"]) field.addEventListener(name, () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) field.addEventListener(name, () => drop.classList.remove("over"));
  field.addEventListener("change", () => {
    for (const file of field.files) add(file);
    field.value = "";
    next();
  });

  const add = (file) => {
    const key = `hub-upload-${file.name}-${file.size}-${file.lastModified}`;
    if (items.some((each) => each.key === key && each.state !== "failed")) return; // one address for both
    const item = { file, state: "waiting", sent: 0, key };
    item.bar = make("progress", { max: file.size || 1, value: 0 });
    item.bar.setAttribute("aria-label", `Envoi de ${file.name}`);
    item.words = make("p");
    item.words.setAttribute("role", "status");
    item.pause = make("button", { type: "button", textContent: "Pause", onclick: () => (item.state === "paused" ? resume(item) : hold(item)) });
    item.cancel = make("button", { type: "button", textContent: "Annuler l’envoi", onclick: () => cancel(item) });
    item.row = make("div", { className: "hub-file" }, make("strong", { textContent: file.name }), item.bar, item.words, make("div", {}, item.pause, item.cancel));
    items.push(item);
    root.append(item.row);
    say(item, "En attente des envois précédents.");
  };
  const say = (item, words) => { if (item.words.textContent !== words) item.words.textContent = words; };
  const hold = (item) => {
    item.state = "paused";
    item.pause.textContent = "Reprendre";
    item.request?.abort();
    say(item, "En pause. Ce qui est arrivé est gardé deux jours.");
  };
  const resume = (item) => { item.state = "waiting"; item.pause.textContent = "Pause"; next(); };
  const cancel = async (item) => {
    item.state = "cancelled";
    items.splice(items.indexOf(item), 1);
    item.row.remove();
    if (item.address) item.request?.abort();
    else await item.announced?.catch(() => null); // cut off, it could leave a file whose address nobody knows
    item.address ??= localStorage.getItem(item.key); // of what had arrived before, where it waited its turn
    localStorage.removeItem(item.key);
    for (const wait of WAITS) {
      // The server may still be writing the piece that was cut off.
      const answer = item.address && (await ask({}, "DELETE", item.address, {}).catch(() => null));
      if (!item.address || (answer && answer.status !== 423)) break;
      await sleep(wait);
    }
    next();
  };
  const next = () => {
    if (items.some((item) => item.state === "sending")) return;
    const item = items.find((each) => each.state === "waiting");
    if (item) run(item);
  };
  const shown = (item, at) => {
    item.sent = at;
    item.bar.value = at;
    const share = Math.floor((100 * at) / item.file.size);
    const seconds = (performance.now() - item.since) / 1000;
    const rate = (at - item.from) / seconds;
    const rest = seconds > 3 && rate > 0 ? `, encore ${left((item.file.size - at) / rate)}` : "";
    item.bar.setAttribute("aria-valuetext", `${share}\u202f%`);
    say(item, `${share}\u202f% de ${size(item.file.size)}${rest}`);
  };

  const announce = async (item) => {
    const headers = { "Upload-Length": String(item.file.size), "Upload-Metadata": `filename ${utf8(item.file.name)}` };
    item.address = null;
    item.announced = ask(item, "POST", data.address, headers);
    const answer = checked(await item.announced, 201);
    item.address = answer.getResponseHeader("Location");
    localStorage.setItem(item.key, item.address);
    return 0;
  };
  const whereto = async (item) => {
    item.address ??= localStorage.getItem(item.key);
    if (!item.address) return announce(item);
    const answer = await ask(item, "HEAD", item.address, {});
    if (answer.status === 404) return announce(item);
    return Number(checked(answer, 200).getResponseHeader("Upload-Offset"));
  };
  const send = async (item) => {
    let at = await whereto(item);
    item.from = at;
    item.since = performance.now();
    do {
      if (item.state !== "sending") return false;
      const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) };
      shown(item, at);
      const last = at + PIECE >= item.file.size;
      const answer = await ask(item, "PATCH", item.address, headers, item.file.slice(at, at + PIECE), (more) => {
        shown(item, Math.min(item.file.size, at + more));
        if (last && at + more >= item.file.size) say(item, "Arrivé\u202f; le hub vérifie le fichier.");
      });
      if (answer.status === 409) throw new Error("elsewhere");
      at = Number(checked(answer, 204).getResponseHeader("Upload-Offset"));
      item.tries = 0;
    } while (at < item.file.size);
    return true;
  };
  const run = async (item) => {
    item.state = "sending";
    item.tries = 0;
    while (item.state === "sending") {
      try {
        if (!(await send(item))) break;
        item.state = "done";
        localStorage.removeItem(item.key);
        items.splice(items.indexOf(item), 1);
        item.row.remove();
        root.done(item.address.split("/").pop());
      } catch (error) {
        if (item.state !== "sending") break;
        if (error instanceof Refused) {
          item.state = "failed";
          item.row.classList.add("failed");
          item.bar.remove();
          item.pause.remove();
          item.cancel.textContent = "Retirer de la liste";
          // Who comes in again goes on with what has arrived.
          if (error.status !== 403) localStorage.removeItem(item.key);
          say(item, error.message);
          break;
        }
        const words = error instanceof Later && error.message;
        say(item, words || `Connexion coupée à ${Math.floor((100 * item.sent) / item.file.size)}\u202f%\u00a0: rien n’est perdu, l’envoi reprendra de lui-même.`);
        await sleep(WAITS[Math.min(item.tries++, WAITS.length - 1)]);
      }
    }
    next();
  };

  const leaving = (event) => { if (items.some((item) => item.state === "sending")) event.preventDefault(); };
  addEventListener("beforeunload", leaving);
  root.stop = () => removeEventListener("beforeunload", leaving);
  return root.stop;
}

// Keeps what is typed into a grid of marks: after a pause, and when a cell is left. Without this script the grid has
// a button that does it. Nothing here gives a mark.
(() => {
  const grid = document.querySelector("form.grid[data-keep]");
  const status = grid.querySelector(".autosave");
  const PAUSE = 1200; // milliseconds without a key
  const AGAIN = 10000; // until what failed is sent again
  const changed = new Set(); // the names of the cells to send, up to `-mark` and `-reason`
  let timer = 0;
  let sending = null;
  let leaving = false;

  const cellOf = (field) => field.name?.match(/^(.+)-(mark|reason)$/)?.[1];
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const wait = (time) => { clearTimeout(timer); timer = setTimeout(keep, time); };

  // What is wrong with a field, beside it, as the server draws it on a page.
  const mend = (field, sentences) => {
    const id = `${field.id}_error`;
    document.getElementById(id)?.remove();
    field.toggleAttribute("aria-invalid", false);
    field.removeAttribute("aria-describedby");
    if (!sentences) return;
    const list = document.createElement("ul");
    list.id = id;
    list.className = "errorlist";
    for (const sentence of sentences) list.append(Object.assign(document.createElement("li"), { textContent: sentence }));
    field.after(list);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
  };

  const show = (answer, sent) => {
    for (const name of sent) mend(grid.elements[name], answer.mistakes[name]);
    for (const flag of grid.querySelectorAll("[data-waits]")) flag.hidden = !answer.waiting.includes(flag.dataset.waits);
    document.getElementById("grid-state").innerHTML = answer.bar; // of this portal, which escapes what people wrote
  };

  // After a new log-in the page's token is an old one: its page, read again, has the new one.
  const renewToken = async () => {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form.grid [name=csrfmiddlewaretoken]");
    if (!token) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token.value;
    return true;
  };

  const send = (body) => fetch(grid.dataset.keep, {
    method: "POST",
    body: new URLSearchParams([["csrfmiddlewaretoken", grid.elements.csrfmiddlewaretoken.value], ...body]),
    headers: { Accept: "application/json" },
    redirect: "manual",
    keepalive: leaving,
  });

  const failed = (cells, sentence, again = AGAIN) => {
    for (const cell of cells) changed.add(cell);
    say(sentence);
    if (again) wait(again);
    return false;
  };

  const deliver = async (cells) => {
    const names = cells.flatMap((cell) => [`${cell}-mark`, `${cell}-reason`]);
    const body = names.map((name) => [name, grid.elements[name].value]);
    try {
      let answer = await send(body);
      if (answer.status === 403 && await renewToken()) answer = await send(body);
      if (answer.type === "opaqueredirect") return failed(cells, status.dataset.loggedOut);
      if (answer.status >= 500) return failed(cells, status.dataset.offline);
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return failed(cells, status.dataset.refused, 0);
      const said = await answer.json();
      if (!answer.ok) return failed(cells, said.told, 0);
      show(said, names);
      say(changed.size ? status.dataset.typing : said.told);
      return true;
    } catch {
      return failed(cells, status.dataset.offline);
    }
  };

  // One message at a time: a later one must not be overtaken by an earlier one.
  const keep = async () => {
    clearTimeout(timer);
    while (sending) await sending;
    if (!changed.size) return true;
    const cells = [...changed];
    changed.clear();
    say(status.dataset.saving);
    sending = deliver(cells);
    try {
      return await sending;
    } finally {
      sending = null;
    }
  };

  const note = (field) => {
    const cell = cellOf(field);
    if (!cell) return;
    changed.add(cell);
    say(status.dataset.typing);
    const printed = grid.querySelector(`[data-printed="${field.name}"]`);
    if (printed) printed.textContent = field.value;
    wait(PAUSE);
  };

  grid.addEventListener("input", (event) => note(event.target));
  grid.addEventListener("focusout", () => { if (changed.size) keep(); });
  addEventListener("online", () => { if (changed.size) keep(); });
  document.addEventListener("visibilitychange", () => {
    leaving = document.hidden;
    if (changed.size) keep();
  });

  // A page is not left before what was typed is safe; a form that answers “log in” would lose it.
  document.addEventListener("submit", async (event) => {
    if (!changed.size && !sending) return;
    event.preventDefault();
    const { target, submitter } = event;
    if (await keep() && !changed.size) target.isConnected ? target.requestSubmit(submitter) : location.reload();
  });
  // What was typed before this script came, or what a browser puts back into a page that is read again.
  for (const field of grid.elements) if (field.value !== field.defaultValue) note(field);
  addEventListener("beforeunload", (event) => {
    if (changed.size || sending) event.preventDefault();
  });
})();

/* What makes the staff pages quicker; without it every page works by plain forms. */
"use strict";

const COUNTS_EVERY_MS = 4000, ANSWER_WITHIN_MS = 8000;

/* What an address says as JSON, or null. A network that swallows what is asked counts as none: questions
   that hang would take the connections that the next tap needs. */
async function told(address) {
  const patience = new AbortController(), end = setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(address, { signal: patience.signal });
    return answer.ok ? await answer.json() : null;
  } catch (error) { return null; } finally { clearTimeout(end); }
}

/* Search by name on the page: nothing is sent anywhere. */
document.querySelectorAll("[data-filter]").forEach((field) => {
  const list = document.querySelector(field.dataset.filter);
  const none = document.querySelector('[data-none="' + field.dataset.filter + '"]');
  field.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    list.querySelectorAll(":scope > [data-name]").forEach((row) => {
      row.hidden = !row.dataset.name.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
    });
    if (none) none.hidden = shown > 0;
  });
});

/* One tap renews its row by htmx. An answer without the row (the login ended) is asked for again as a
   plain form; a tap that meets no network or a busy server is sent again, with the same scan id: it is
   still one tap. */
const AGAIN_AFTER_MS = 3000, STATE_EVERY_MS = 4000;

function unsent(form) {
  const note = document.getElementById("unsent");
  if (note) note.hidden = !form;
  if (form) setTimeout(() => { if (document.contains(form)) window.htmx.trigger(form, "submit"); }, AGAIN_AFTER_MS);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail, form = answer.requestConfig.elt;
  if (answer.xhr.status >= 500) return unsent(form);
  unsent(null);
  if (answer.serverResponse.includes('id="' + answer.target.id + '"')) return;
  answer.shouldSwap = false;
  if (form.matches("form")) HTMLFormElement.prototype.submit.call(form); else location.reload();
});
["htmx:sendError", "htmx:timeout"].forEach((lost) => {
  document.addEventListener(lost, (event) => unsent(event.detail.requestConfig.elt));
});

/* What a colleague tapped meanwhile: the list is renewed when its state is another one. */
setInterval(async () => {
  const list = document.querySelector("[data-state-url]");
  if (!list || document.hidden || list.querySelector(".htmx-request")) return;
  const now = await told(list.dataset.stateUrl);
  if (now && now.state !== list.dataset.state) window.htmx.trigger(list, "changed");
}, STATE_EVERY_MS);

/* One press is one command: a form that is on its way is not sent a second time. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, AGAIN_AFTER_MS);
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

/* Live counts while the session is open; another standing means other buttons: the page again, but not
   under somebody's fingers. */
const live = document.querySelector('[data-live][data-standing="opened"]');
if (live) {
  let typed = false;
  document.addEventListener("input", () => { typed = true; });
  setInterval(async () => {
    if (document.hidden) return;
    const counts = await told(live.dataset.live);
    if (!counts) return;
    if (counts.standing !== live.dataset.standing) return typed || location.reload();
    live.querySelectorAll("[data-count]").forEach((cell) => { cell.textContent = counts[cell.dataset.count]; });
  }, COUNTS_EVERY_MS);
}

/* What makes the staff pages quicker; without it every page works by plain forms. */
"use strict";

const COUNTS_EVERY_MS = 4000;

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

/* One tap: the row alone is renewed, so the list stays where the thumb is. A tap that meets no
   network is sent again as a plain form, with the same scan id: it is still one tap. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-tap]")) return;
  event.preventDefault();
  const row = form.closest("li");
  if (row.dataset.sending) return;
  row.dataset.sending = "yes";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const renewed = page.getElementById(row.id);
    if (!answer.ok || !renewed) throw new Error("not renewed");
    row.replaceWith(document.adoptNode(renewed));
  } catch (error) {
    form.submit();
  }
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

/* Live counts while the session is open; another standing means other buttons: the page again. */
const live = document.querySelector('[data-live][data-standing="opened"]');
if (live) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(live.dataset.live).catch(() => null);
    if (!answer || !answer.ok) return;
    const counts = await answer.json();
    if (counts.standing !== live.dataset.standing) return location.reload();
    live.querySelectorAll("[data-count]").forEach((cell) => { cell.textContent = counts[cell.dataset.count]; });
  }, COUNTS_EVERY_MS);
}

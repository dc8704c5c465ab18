/* The tap that must not be lost: the form is sent by script, and sent again with the same scan id when the
   network fails, or swallows it. Without this script the form works as any form does. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-tap]'), WAITS = [1000, 2000, 4000, 8000, 8000, 8000], PATIENCE = 12000;
  if (!form || !window.fetch) return;
  var button = form.querySelector('button'), status = form.querySelector('[role="status"]');

  function wait(milliseconds) { return new Promise(function (done) { setTimeout(done, milliseconds); }); }

  /* What was answered, whole. */
  async function ask(body) {
    var patience = window.AbortController ? new AbortController() : null;
    var end = setTimeout(function () { if (patience) patience.abort(); }, PATIENCE);
    try {
      var response = await fetch(form.action, {
        method: 'POST', body: body, credentials: 'same-origin', signal: patience ? patience.signal : undefined,
      });
      var html = response.redirected ? '' : await response.text();
      return { status: response.status, url: response.redirected ? response.url : '', html: html };
    } finally { clearTimeout(end); }
  }

  async function send() {
    var body = new URLSearchParams(new FormData(form));
    for (var attempt = 0; attempt <= WAITS.length; attempt++) {
      try {
        var answer = await ask(body);
        if (answer.status < 500) return answer;
      } catch (error) { /* no network: try again below */ }
      status.textContent = form.dataset.again;
      await wait(WAITS[attempt] || 0);
    }
    return null;
  }

  function show(answer) {
    if (answer.url) { location.replace(answer.url); return; }
    document.open(); document.write(answer.html); document.close();
  }

  form.addEventListener('submit', async function (event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    status.textContent = form.dataset.sending;
    var answer = await send();
    if (answer) { show(answer); return; }
    status.textContent = form.dataset.failed;
    button.disabled = false;
  });
})();

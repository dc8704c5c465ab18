/* The tap that must not be lost: the form is sent by script, and sent again with the same scan id when the
   network fails. Without this script the form works as any form does. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-tap]'), WAITS = [1000, 2000, 4000, 8000, 8000, 8000];
  if (!form || !window.fetch) return;
  var button = form.querySelector('button'), status = form.querySelector('[role="status"]');

  function wait(milliseconds) { return new Promise(function (done) { setTimeout(done, milliseconds); }); }

  async function send() {
    var body = new URLSearchParams(new FormData(form));
    for (var attempt = 0; attempt <= WAITS.length; attempt++) {
      try {
        var response = await fetch(form.action, { method: 'POST', body: body, credentials: 'same-origin' });
        if (response.status < 500) return response;
      } catch (error) { /* no network: try again below */ }
      status.textContent = form.dataset.again;
      await wait(WAITS[attempt] || 0);
    }
    return null;
  }

  async function show(response) {
    if (response.redirected) { location.replace(response.url); return; }
    var html = await response.text();
    document.open(); document.write(html); document.close();
  }

  form.addEventListener('submit', async function (event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    status.textContent = form.dataset.sending;
    var response = await send();
    if (response) { await show(response); return; }
    status.textContent = form.dataset.failed;
    button.disabled = false;
  });
})();

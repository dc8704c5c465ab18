/* The sheet keeps itself: what is ticked is saved every half minute and whenever the page is left. The time
   that is left is counted by the clock, which goes on while a phone sleeps; at its end the sheet hands itself in. */
(function () {
  'use strict';
  var left = document.querySelector('[role="timer"]'), form = document.querySelector('form.exam');
  if (!left || !form) return;
  var shown = left.querySelector('b'), kept = left.querySelector('.kept'), began = Date.now();
  var total = Number(left.dataset.seconds), words = left.dataset.words, EARLY = 3, EVERY = 30000;
  var sent = false, changed = false;

  form.addEventListener('submit', function () { sent = true; });
  form.addEventListener('change', function () { changed = true; kept.textContent = ''; });
  document.addEventListener('visibilitychange', function () { if (document.hidden) keep(); });
  if (window.fetch) setInterval(keep, EVERY);

  async function keep() {
    if (!changed || sent || !window.fetch) return;
    changed = false;
    try {
      var body = new URLSearchParams(new FormData(form));
      var answer = await fetch(form.dataset.keep, { method: 'POST', body: body, credentials: 'same-origin', keepalive: true });
      if (!answer.ok || answer.redirected) throw new Error('not kept');
      if (!changed) kept.textContent = left.dataset.kept;
    } catch (error) { changed = true; }
  }

  function two(number) { return (number < 10 ? '0' : '') + number; }

  function handIn() {
    sent = true;
    if (form.requestSubmit) form.requestSubmit(document.getElementById('submit')); else form.submit();
  }

  function tick() {
    var seconds = Math.max(0, Math.floor(total - (Date.now() - began) / 1000));
    shown.textContent = words.replace('%', Math.floor(seconds / 60) + ':' + two(seconds % 60));
    if (seconds <= EARLY && !sent) { handIn(); return; }
    setTimeout(tick, 500);
  }
  tick();
})();

/* The presenter screen. It fetches five minutes of codes at a time and turns them by the server's clock
   (performance.now() plus a measured offset), so neither a wrong clock nor a lost network stops it. When all
   codes are shown and there is still no network it says so, and what to do instead.
   The count comes by EventSource, and by polling for as long as that is silent. */
(function () {
  'use strict';
  var body = document.body, codesUrl = body.dataset.codes, liveUrl = body.dataset.live, countUrl = body.dataset.count;
  var scanned = [], typed = [], offset = null, shown = null, polling = null, failures = 0;
  var FULL = 240000, REFILL_EVERY = 5000, POLL_EVERY = 5000, DRAW_EVERY = 200, ANSWER_WITHIN = 8000;
  var lookedAt = Date.now();

  function element(id) { return document.getElementById(id); }
  function serverNow() { return performance.now() + offset; }
  function state(value) { body.dataset.state = value; }
  function net(value) { body.dataset.net = value; }

  function showLive(live) {
    element('checked-in').textContent = live.checked_in;
    element('invited').textContent = live.invited;
    element('meter').style.width = Math.min(100, 100 * live.checked_in / Math.max(live.invited, 1)) + '%';
  }

  function current(codes, now) {
    return codes.find(function (code) { return now >= Date.parse(code.begins_at) && now < Date.parse(code.ends_at); });
  }

  /* A cable that was pulled answers nothing at all: whoever asks gives up by themselves. */
  async function asked(url) {
    var giveUp = new AbortController(), timer = setTimeout(function () { giveUp.abort(); }, ANSWER_WITHIN);
    try {
      var response = await fetch(url, { cache: 'no-store', headers: { Accept: 'application/json' }, signal: giveUp.signal });
      net('on');
      return response;
    } catch (error) { net('off'); return null; }
    finally { clearTimeout(timer); }
  }

  async function refill() {
    var sent = performance.now(), response = await asked(codesUrl);
    if (!response) return;
    if (response.status === 409) { scanned = []; typed = []; state('waiting'); return; }
    if (response.status === 401 || response.status === 403) { location.reload(); return; }
    if (!response.ok) return;
    var codes = await response.json(), received = performance.now();
    offset = Date.parse(codes.now) - (sent + received) / 2;
    scanned = codes.scanned; typed = codes.typed;
    showLive(codes.live);
    draw();
  }

  function draw() {
    if (offset === null || body.dataset.state === 'waiting' && !scanned.length) return;
    var now = serverNow(), code = current(scanned, now), pin = current(typed, now);
    state(code ? 'showing' : scanned.length && body.dataset.net === 'off' ? 'out' : 'stale');
    if (code && code.begins_at !== shown) {
      shown = code.begins_at;
      element('qr').setAttribute('viewBox', '0 0 ' + code.side + ' ' + code.side);
      element('modules').setAttribute('d', code.path);
    }
    if (code) {
      var left = (Date.parse(code.ends_at) - now) / (Date.parse(code.ends_at) - Date.parse(code.begins_at));
      element('turning').style.transform = 'scaleX(' + left + ')';
    }
    element('typed').textContent = pin ? pin.code.slice(0, 3) + ' ' + pin.code.slice(3) : '··· ···';
  }

  function listen() {
    poll();
    if (!window.EventSource) return;
    var source = new EventSource(liveUrl);
    source.addEventListener('live', function (event) {
      failures = 0; net('on'); stopPolling(); showLive(JSON.parse(event.data));
    });
    source.onerror = function () {
      failures += 1;
      if (failures >= 2) net('off');
      poll();
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, POLL_EVERY);
    };
  }

  function poll() {
    if (polling) return;
    polling = setInterval(async function () {
      var response = await asked(countUrl);
      if (response && response.ok) showLive(await response.json());
    }, POLL_EVERY);
  }

  function stopPolling() { clearInterval(polling); polling = null; }

  async function stayAwake() {
    try { if (navigator.wakeLock) await navigator.wakeLock.request('screen'); } catch (error) { /* the browser's choice */ }
  }

  async function fullScreen() {
    try { if (!document.fullscreenElement) await document.documentElement.requestFullscreen(); } catch (error) { /* the browser's choice */ }
    stayAwake();
  }

  /* The first click anywhere is enough; Esc afterwards is respected. */
  function firstClick(event) {
    if (event.target.closest('a')) return;
    document.removeEventListener('click', firstClick);
    fullScreen();
  }

  setInterval(draw, DRAW_EVERY);
  setInterval(function () {
    var last = scanned.length ? Date.parse(scanned[scanned.length - 1].ends_at) : 0;
    var slept = Math.abs(Date.now() - lookedAt) > 3 * REFILL_EVERY;  /* performance.now() stands still while a lid is closed */
    lookedAt = Date.now();
    if (offset === null || slept || last - serverNow() < FULL) refill();
  }, REFILL_EVERY);
  addEventListener('offline', function () { net('off'); });
  addEventListener('online', refill);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { refill(); stayAwake(); } });
  document.addEventListener('click', firstClick);
  element('full').addEventListener('click', fullScreen);
  refill();
  listen();
  stayAwake();
})();

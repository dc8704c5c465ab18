/* The scanner of a session: what is read or tapped is kept on the device first, then uploaded, so a
   lost network, a closed tab or an ended login loses nothing. Without it the form is sent as it is. */
(function () {
  'use strict';
  var page = document.getElementById('scanner'), store = window.scanStore, camera = window.scanCamera;
  if (!page || !window.indexedDB || !window.fetch) return;
  var sessionId = page.dataset.session, here = location.pathname, way = page.dataset.way;
  var door = page.dataset.door || '';  // of a device at the door: it shows no list and taps no name
  var list = null, byCode = new Map(), byId = new Map(), rows = new Map(), offset = 0, shown = null, busy = false, again = false, stopCamera = null;
  var MOST = 50, EVERY_MS = 8000, LOOK_EVERY_MS = 60000, RECENT = 6;
  // A personal code, or the code of a row on a printed sheet: what is no code is not even kept.
  var OURS = /^(PC1\.[0-9A-Z]{46}|PCS1\.[0-9A-Z.]{1,40})$/, PATIENCE_MS = 15000;
  var words = {};
  document.querySelectorAll('#words [data-word]').forEach(function (each) { words[each.dataset.word] = each.textContent; });
  var clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Shanghai' });

  function element(id) { return document.getElementById(id); }
  function said(word, time, count) { return words[word].replace('{time}', time ? clock.format(new Date(time)) : '').replace('{count}', count); }
  function serverNow() { return Date.now() + offset; }
  function canonical(text) { return text.normalize('NFKC').trim().toUpperCase().replace('。', '.'); }
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64; bytes[8] = bytes[8] & 63 | 128;
    var hex = Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, '0'); }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
  async function digest(text) {
    if (!crypto.subtle) return null;
    var bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, '0'); }).join('').slice(0, 32);
  }

  /* The big answer: who, and since when. `look` is ok, known, later or no. */
  function show(look, person, text) {
    var panel = element('told');
    panel.dataset.look = look;
    element('told-name').textContent = person ? person.name : '';
    element('told-place').textContent = person ? [person.place, person.child].filter(Boolean).join(' · ') : '';
    element('told-text').textContent = text;
    panel.hidden = false;
    signal(look);
  }

  function signal(look) {
    var sound = element('sound');
    if (!sound.checked) return;
    if (navigator.vibrate) navigator.vibrate(look === 'no' ? [80, 60, 80] : 60);
    try {
      var audio = signal.audio = signal.audio || new AudioContext(), tone = audio.createOscillator(), gain = audio.createGain();
      tone.frequency.value = look === 'no' ? 220 : 880; gain.gain.value = .1;
      tone.connect(gain).connect(audio.destination); tone.start(); tone.stop(audio.currentTime + .15);
    } catch (error) { /* no sound here */ }
  }

  function since(person) { return way === 'in' ? person.in : person.out; }

  async function scan(text) {
    var code = canonical(text);
    if (!OURS.test(code)) return show('no', null, words.no_code);
    var person = byCode.get(await digest(code));
    await make({ code: code }, person);
  }

  async function make(what, person) {
    if (!list) return show('no', null, words.no_list);
    if (person && person.own) return show('no', person, words.own);
    if (person && since(person)) return show('known', person, said(way === 'in' ? 'in' : 'out', since(person)));
    var made = { scan_id: newId(), session_id: sessionId, way: way, at: new Date(serverNow()).toISOString(), shift: list.shift };
    await store.queue(Object.assign(made, what, { person_id: person && person.id }));
    if (person) { person[way] = made.at; person.waits = true; drawPerson(person); }
    shown = made.scan_id;
    show('later', person, said(person ? (way === 'in' ? 'in_later' : 'out_later') : 'unknown_later', made.at));
    await count();
    upload();
  }

  /* A network that swallows what is sent counts as none. */
  function ask(address, request) {
    var patience = new AbortController();
    setTimeout(function () { patience.abort(); }, PATIENCE_MS);
    return fetch(address, Object.assign({ signal: patience.signal, cache: 'no-store' }, request));
  }

  async function upload() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      var queued = (await store.queued()).sort(function (a, b) { return a.at < b.at ? -1 : 1; });
      var sessions = Array.from(new Set(queued.map(function (each) { return each.session_id; })));
      for (var i = 0; i < sessions.length; i += 1) {
        var mine = queued.filter(function (each) { return each.session_id === sessions[i]; });
        for (var j = 0; j < mine.length; j += MOST) await send(sessions[i], mine.slice(j, j + MOST));
      }
    } catch (error) { net('off'); } finally { busy = false; await count(); }
    if (again) { again = false; upload(); }
  }

  async function send(session, scans) {
    var sent = Date.now();
    var body = { scans: scans.map(function (each) {
      return { scan_id: each.scan_id, way: each.way, at: each.at, shift: each.shift, code: each.code, learner_id: each.learner_id };
    }) };
    var response = await ask((door || '/api/v1/sessions/') + session + '/scans', {
      method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify(body),
    });
    net(response.status === 401 ? 'login' : response.ok ? 'on' : 'refused');
    if (!response.ok) return;
    var answered = await response.json();
    measure(answered.now, sent);
    if (list && session === sessionId) list.standing = answered.standing;
    var kept = [];
    answered.answers.forEach(function (answer) {
      var made = scans.find(function (each) { return each.scan_id === answer.scan_id; });
      if (made && answer.answer !== 'again') { kept.push(Object.assign({}, made, answer, { made_at: made.at, answered_at: Date.now() })); }
    });
    await store.answer(kept);
    kept.forEach(settle);
    if (list && kept.length && list.standing === 'opened') await store.keepList(list);
    drawRecent();
  }

  /* What the server says stands in the list; what it refused is open again. */
  function settle(answer) {
    var person = byId.get(answer.learner_id) || byId.get(answer.person_id);
    var stands = answer.answer === 'taken' || answer.answer === 'already';
    if (person) {
      person.waits = false;
      person[answer.way] = stands ? answer.at || answer.made_at : null;
      drawPerson(person);
    }
    if (answer.scan_id !== shown) return;
    if (stands) show(answer.answer === 'taken' ? 'ok' : 'known', person, said(answer.way, answer.at || answer.made_at));
    else show('no', person, (answer.answer === 'waiting' ? words.inbox + ' ' : '') + (answer.text || words.refused));
  }

  function measure(now, sent) { offset = Date.parse(now) - (sent + Date.now()) / 2; if (list) list.offset = offset; }
  function net(state) { page.dataset.net = state; }
  async function count() {
    var queued = await store.queued();
    element('unsent').textContent = said('unsent', null, queued.length);
    element('unsent').hidden = !queued.length;
  }

  async function drawRecent() {
    var answers = (await store.answered()).filter(function (each) { return each.session_id === sessionId; });
    answers.sort(function (a, b) { return a.made_at < b.made_at ? 1 : -1; });
    element('recent').replaceChildren.apply(element('recent'), answers.slice(0, RECENT).map(function (each) {
      var row = document.createElement('li'), who = document.createElement('b'), what = document.createElement('span');
      var person = byId.get(each.learner_id) || byId.get(each.person_id), stands = each.answer === 'taken' || each.answer === 'already';
      who.textContent = person ? person.name : '—';
      what.textContent = stands ? said(each.way, each.at || each.made_at) : clock.format(new Date(each.made_at)) + ' ' + (each.answer === 'waiting' ? words.inbox : each.text || words.refused);
      row.append(who, what);
      return row;
    }));
  }

  function row(person) {
    var made = element('person').content.firstElementChild.cloneNode(true);
    made.dataset.name = person.name + ' ' + person.child;
    made.querySelector('b').textContent = person.name;
    made.querySelector('.small').textContent = person.place + ' · ' + person.child;
    made.querySelector('button').addEventListener('click', function () { make({ learner_id: person.id }, person); });
    rows.set(person.id, made);
    drawPerson(person);
    return made;
  }

  function drawPerson(person) {
    var chip = rows.get(person.id).querySelector('.chip'), button = rows.get(person.id).querySelector('button');
    var at = person.out || person.in, word = person.out ? 'out' : 'in';
    chip.hidden = !at;
    chip.textContent = at ? said(person.waits ? word + '_later' : word, at) : '';
    button.hidden = person.own || !!since(person);
    button.textContent = words[way === 'in' ? 'do_in' : 'do_out'];
    button.setAttribute('aria-label', button.textContent + ' ' + person.name);
  }

  function useList(found) {
    list = found; offset = found.offset || 0;
    byCode = new Map(found.people.map(function (each) { return [each.code, each]; }));
    byId = new Map(found.people.map(function (each) { return [each.id, each]; }));
    element('people').replaceChildren.apply(element('people'), found.people.map(row));
    element('list').hidden = !!door;
    element('find').dispatchEvent(new Event('input'));
  }

  /* Whether the session is over: then the list goes, and what waits is still uploaded. */
  async function lookAtSession() {
    if (document.hidden || !list) return;
    if (door) return fetchList();
    var response = await ask('/staff/sessions/' + sessionId + '/counts', { headers: { Accept: 'application/json' } });
    if (!response.ok) return;
    list.standing = (await response.json()).standing;
    if (list.standing !== 'opened' && list.standing !== 'scheduled') await store.forgetList(sessionId);
  }

  async function fetchList() {
    var sent = Date.now(), response = await ask(here + '/list', { headers: { Accept: 'application/json' } });
    net(response.status === 401 ? 'login' : response.ok ? 'on' : 'refused');
    if (!response.ok) return;
    var found = Object.assign(await response.json(), { session_id: sessionId });
    found.kept_until = Date.now() + found.keep_seconds * 1000;
    found.offset = Date.parse(found.now) - (sent + Date.now()) / 2;
    useList(found);
    if (found.standing === 'opened' || found.standing === 'scheduled') await store.keepList(found);
    else await store.forgetList(sessionId);
  }

  /* Scans that still wait stand in the list as they did before the page was closed. */
  async function drawQueued() {
    (await store.queued()).forEach(function (each) {
      var person = each.session_id === sessionId && byId.get(each.person_id);
      if (person && !person[each.way]) { person[each.way] = each.at; person.waits = true; drawPerson(person); }
    });
  }

  async function toggleCamera() {
    if (stopCamera) { stopCamera(); stopCamera = null; page.dataset.camera = 'off'; return; }
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return show('no', null, words.no_camera);
    try {
      page.dataset.camera = 'on';
      stopCamera = await camera.start(element('video'), { reader: page.dataset.reader, wasm: page.dataset.wasm }, scan);
      if (navigator.wakeLock) navigator.wakeLock.request('screen').catch(function () {});
    } catch (error) { page.dataset.camera = 'off'; show('no', null, words.no_camera); }
  }

  function setWay(chosen) {
    way = chosen; page.dataset.way = chosen;
    document.querySelectorAll('[data-choose]').forEach(function (each) {
      if (each.dataset.choose === way) each.setAttribute('aria-current', 'page'); else each.removeAttribute('aria-current');
    });
    byId.forEach(drawPerson);
  }

  function focus() { if (matchMedia('(pointer: fine)').matches && document.activeElement === document.body) element('code').focus(); }

  function wire() {
    element('wedge').addEventListener('submit', function (event) {
      event.preventDefault();
      var field = element('code'), text = field.value;
      field.value = ''; field.focus();
      if (text.trim()) scan(text);
    });
    document.querySelectorAll('[data-choose]').forEach(function (each) {
      each.addEventListener('click', function (event) { event.preventDefault(); setWay(each.dataset.choose); focus(); });
    });
    element('camera').addEventListener('click', toggleCamera);
    element('sound').checked = localStorage.getItem('pc-scanner-sound') === 'yes';
    element('sound').addEventListener('change', function (event) { localStorage.setItem('pc-scanner-sound', event.target.checked ? 'yes' : 'no'); });
    document.addEventListener('click', function () { setTimeout(focus, 0); });
    addEventListener('online', upload);
    addEventListener('offline', function () { net('off'); });
    document.addEventListener('visibilitychange', function () { if (!document.hidden) upload(); });
    setInterval(async function () { if ((await store.queued()).length) upload(); }, EVERY_MS);
    setInterval(function () { lookAtSession().catch(function () { net('off'); }); }, LOOK_EVERY_MS);
  }

  async function keepPage() {
    if (door || !('serviceWorker' in navigator)) return;
    var registered = navigator.serviceWorker.register('/staff/scanner-worker.js', { scope: '/staff/sessions/' });
    if (!navigator.serviceWorker.controller) {
      await new Promise(function (resolve) { navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }); });
    }
    await registered;
    await fetch(here);
    if (!await camera.hasDetector()) await Promise.all([fetch(page.dataset.reader), fetch(page.dataset.wasm)]);
    page.dataset.offline = 'ready';
  }

  (async function begin() {
    var kept = await store.list(sessionId);  // where nothing can be kept the form stays a plain form
    if (kept) useList(kept);
    var fetched = fetchList().catch(function () { net('off'); }).then(drawQueued);
    if (kept) await drawQueued(); else await fetched;
    wire();
    element('tools').hidden = false;
    page.dataset.ready = 'yes';
    setWay(way);
    await count();
    await drawRecent();
    focus();
    upload();
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
    await keepPage();
  })().catch(function () { page.dataset.offline = 'no'; });
})();

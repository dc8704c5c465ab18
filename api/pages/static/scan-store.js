/* What the scanner keeps on this device: scans until they are uploaded, and for a session that is
   going on its list of names. The list goes when somebody signs out, when the session is over, and
   after 24 hours; a scan (a code or an id, and a time) goes only when the server has answered it. */
(function () {
  'use strict';
  var NAME = 'pc-scanner', USED = 'pc-scanner-used', opening = null, left = false;

  function open() {
    localStorage.setItem(USED, 'yes');
    opening = opening || new Promise(function (resolve, reject) {
      var request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = function () {
        request.result.createObjectStore('queue', { keyPath: 'scan_id' });
        request.result.createObjectStore('answers', { keyPath: 'scan_id' });
        request.result.createObjectStore('lists', { keyPath: 'session_id' });
      };
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = function () { reject(request.error); };
    });
    return opening;
  }

  /* One transaction on some stores; resolves when it is durable, with what `act` asked for. */
  async function within(stores, mode, act) {
    var db = await open();
    return new Promise(function (resolve, reject) {
      var transaction = db.transaction(stores, mode);
      var asked = act.apply(null, stores.map(function (name) { return transaction.objectStore(name); }));
      transaction.oncomplete = function () { resolve(asked && asked.result); };
      transaction.onabort = transaction.onerror = function () { reject(transaction.error); };
    });
  }

  var store = {
    queue: function (scan) { return within(['queue'], 'readwrite', function (queue) { queue.put(scan); }); },
    queued: function () { return within(['queue'], 'readonly', function (queue) { return queue.getAll(); }); },
    answered: function () { return within(['answers'], 'readonly', function (answers) { return answers.getAll(); }); },
    answer: function (kept) {
      return within(['queue', 'answers'], 'readwrite', function (queue, answers) {
        kept.forEach(function (each) { if (!left) answers.put(each); queue.delete(each.scan_id); });
      });
    },
    list: async function (sessionId) {
      await store.sweep();
      return within(['lists'], 'readonly', function (lists) { return lists.get(sessionId); });
    },
    keepList: function (list) { return within(['lists'], 'readwrite', function (lists) { if (!left) lists.put(list); }); },
    forgetList: function (sessionId) { return within(['lists'], 'readwrite', function (lists) { lists.delete(sessionId); }); },
    forget: function () {
      left = true;  // an answer that is still on its way keeps no name any more
      return within(['lists', 'answers'], 'readwrite', function (lists, answers) { lists.clear(); answers.clear(); });
    },
    sweep: async function () {
      var kept = await within(['lists', 'answers'], 'readonly', function (lists) { return lists.getAll(); });
      var over = kept.filter(function (list) { return list.kept_until <= Date.now(); });
      var answers = await store.answered(), yesterday = Date.now() - 24 * 3600 * 1000;
      await within(['lists', 'answers'], 'readwrite', function (listStore, answerStore) {
        over.forEach(function (list) { listStore.delete(list.session_id); });
        answers.forEach(function (each) { if (each.answered_at < yesterday) answerStore.delete(each.scan_id); });
      });
    },
  };
  window.scanStore = store;

  function wasUsed() {
    try { return !!window.indexedDB && localStorage.getItem(USED) === 'yes'; } catch (error) { return false; }
  }
  if (wasUsed()) store.sweep().catch(function () { /* a private window keeps nothing */ });
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.getAttribute('action') !== '/logout' || !wasUsed()) return;
    event.preventDefault();
    function leave() { form.submit(); }
    store.forget().then(leave, leave);
  });
})();

// The verify page: reads the fragment, has it judged, shows the verdict. The fragment goes nowhere.

import { CannotCheck } from './cose.js';
import { facts, moment } from './facts.js';
import { load } from './files.js';
import { judge } from './verify.js';
import { WORDS } from './words.js';

const ICONS = {
  check: 'M5 12.5l4.5 4.5L19 7.5', cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11', minus: 'M6 12h12',
  clock: 'M12 3.5a8.5 8.5 0 1 0 .01 0M12 7.5V12l3 2', pause: 'M9 7v10M15 7v10',
  again: 'M5 12a7 7 0 0 1 12-5l2 2M19 4v5h-5M19 12a7 7 0 0 1-12 5l-2-2M5 20v-5h5',
  help: 'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.1M12 17.5h.01',
};
let language = 'zh';
let shown = { state: 'checking' };
let checkedAt = null;
let checks = 0;

const element = (id) => document.getElementById(id);
const put = (id, text) => { element(id).textContent = text; };
const make = (name, text, className) => {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
};

async function check() {
  const turn = ++checks, now = Date.now();
  show({ state: 'checking' });
  let verdict = { state: 'cannot_check', reason: 'fault' };
  try {
    verdict = await judge(location.hash.slice(1), load, now / 1000);
  } catch (error) {
    if (!(error instanceof CannotCheck)) throw error;
    verdict = { state: 'cannot_check', reason: error.message };
  } finally {
    if (turn === checks) settle(verdict, now); // else another code was opened meanwhile
  }
}

function settle(verdict, now) {
  checkedAt = now;
  show(verdict);
  document.documentElement.dataset.verdict = verdict.state;
}

function show(verdict) {
  shown = verdict;
  const words = WORDS[language], [colour, icon, heading, explanation] = words.states[verdict.state];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = `${heading} · ${words.title}`;
  put('title', words.title); put('language', words.switch); put('by-hand', words.byHand);
  put('notice', words.notice); put('private', words.private);
  put('beware-title', words.bewareTitle);
  element('beware-list').replaceChildren(...words.beware(location.host).map((line) => make('li', line)));
  element('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  element('banner').className = `banner ${colour}`;
  element('drawing').setAttribute('d', ICONS[icon]);
  put('state', heading); put('explanation', explanation);
  element('reason').hidden = !verdict.reason;
  put('reason', words.reasons[verdict.reason] || '');
  showWhen(verdict, words);
  showClaims(verdict, words);
}

function showWhen(verdict, words) {
  element('when').hidden = verdict.state === 'checking';
  const parts = [words.checkedAt(moment(checkedAt / 1000))];
  if (verdict.listAsOf) parts.push(`${words.listAsOf(moment(verdict.listAsOf))} ${age(checkedAt / 1000 - verdict.listAsOf)}`);
  if (verdict.listProblem) parts.push(words.listProblems[verdict.listProblem]);
  element('when').replaceChildren(...parts.map((part) => make('span', part)));
}

function showClaims(verdict, words) {
  const claims = verdict.claims;
  element('inner').hidden = element('trust').hidden = !claims;
  if (!claims) return;
  put('holder-label', words.holder); put('holder', claims.holder);
  put('kind', words.kinds[claims.kind]); put('compare', words.compare); put('why', words.why);
  element('facts').replaceChildren(...facts(claims, words).flatMap(([label, value, className]) => [
    make('dt', words.labels[label]), withWholeDates(make('dd', value, className)),
  ]));
  element('checks').replaceChildren(
    make('li', words.signature(verdict.keyId)),
    make('li', verdict.listAsOf ? words.listAsOf(moment(verdict.listAsOf)) : words.listProblems[verdict.listProblem]),
    ...(verdict.givenUpAt ? [make('li', words.provedOlder(moment(verdict.givenUpAt)))] : []),
    make('li', `${words.id}: ${claims.id}`, 'mono'),
    make('li', `${words.commitment}: ${claims.commitment}`, 'mono'),
  );
}

/** A line may end before a date, not in it. */
function withWholeDates(node) {
  const parts = node.textContent.split(/(\d{4}-\d\d-\d\d)/);
  node.replaceChildren(...parts.map((part, place) => (place % 2 ? make('span', part, 'whole') : part)));
  return node;
}

/** How old the list is, in the largest unit that fits: `3 hours ago`. */
function age(seconds) {
  const [unit, length] = [['day', 86400], ['hour', 3600], ['minute', 60]].find(([, size]) => seconds >= size) || ['second', 1];
  const said = new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(-Math.floor(Math.max(seconds, 0) / length), unit);
  return language === 'zh' ? `（${said}）` : `(${said})`;
}

element('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  show(shown);
});
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/c/offline.js', { scope: '/c' }).catch(() => {});
addEventListener('hashchange', check);
check();

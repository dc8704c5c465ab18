// The verify page: reads the fragment, has it judged, shows the verdict. The fragment goes nowhere.

import { CannotCheck, judge } from '/c/verify.js';
import { DISTRICTS, WORDS } from '/c/words.js';

const ICONS = {
  check: 'M5 12.5l4.5 4.5L19 7.5', cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11', minus: 'M6 12h12',
  clock: 'M12 3.5a8.5 8.5 0 1 0 .01 0M12 7.5V12l3 2', pause: 'M9 7v10M15 7v10',
  again: 'M5 12a7 7 0 0 1 12-5l2 2M19 4v5h-5M19 12a7 7 0 0 1-12 5l-2-2M5 20v-5h5',
  help: 'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.1M12 17.5h.01',
};
const ZONE = 'Asia/Shanghai';
const TIMEOUT = 8000;
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

async function load(path) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT);
  try {
    const answer = await fetch(path, {
      credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache', signal: patience.signal,
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    bytes.kept = answer.headers.get('x-kept') === 'yes'; // by offline.js, from an earlier visit
    return bytes;
  } finally {
    clearTimeout(timer);
  }
}

async function check() {
  const turn = ++checks, now = Date.now();
  show({ state: 'checking' });
  let verdict;
  try {
    verdict = await judge(location.hash.slice(1), load, now / 1000);
  } catch (error) {
    if (!(error instanceof CannotCheck)) throw error;
    verdict = { state: 'cannot_check', reason: error.message };
  }
  if (turn !== checks) return; // another code was opened meanwhile
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
  if (verdict.listAsOf) parts.push(words.listAsOf(moment(verdict.listAsOf)));
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
    make('dt', words.labels[label]), make('dd', value, className),
  ]));
  element('checks').replaceChildren(
    make('li', words.signature(verdict.keyId)),
    make('li', verdict.listAsOf ? words.listAsOf(moment(verdict.listAsOf)) : words.listProblems[verdict.listProblem]),
    make('li', `${words.id}: ${claims.id}`, 'mono'),
    make('li', `${words.commitment}: ${claims.commitment}`, 'mono'),
  );
}

function facts(claims, words) {
  const [district, year, serial, digit] = claims.number.split('-');
  return [
    ['number', `${words.prefixes[claims.kind]}〔${year}〕${district}-${serial}-${digit}`],
    ['typed', claims.number, 'mono'],
    ['issuer', issuer(claims.school, district)],
    ['stage', claims.stage && words.stages[claims.stage]],
    ['level', claims.level && words.stars(claims.level)],
    ['period', claims.days ? words.between(day(claims.days[0]), day(claims.days[1])) : claims.period],
    ['hours', words.hours(hours(claims.hours))],
    ['faceToFace', claims.faceToFace && words.hours(hours(claims.faceToFace))],
    ['result', claims.result && words.results[claims.result]],
    ['awardedOn', day(claims.awardedOn)],
    ['issuedAt', moment(claims.issuedAt)],
    ['validUntil', claims.expiresAt === null ? words.forEver : moment(claims.expiresAt - 1).slice(0, 10)],
    ['rulebook', claims.rulebook],
  ].filter(([, value]) => value);
}

function issuer(school, district) {
  const place = school.startsWith('广州') || !DISTRICTS[district] ? '' : `广州市${DISTRICTS[district]}`;
  return `${place}${school}家长学校`;
}

function hours(hundredths) {
  const [whole, rest] = (hundredths / 100).toFixed(2).split('.');
  return `${whole}.${rest.endsWith('0') ? rest[0] : rest}`;
}

const day = (number) => new Date(number * 86400000).toISOString().slice(0, 10);

/** `2026-07-10 08:00:00` on the clocks of Guangzhou, wherever the verifier is. */
function moment(seconds) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).formatToParts(new Date(seconds * 1000));
  const part = (type) => parts.find((one) => one.type === type).value;
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

element('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  show(shown);
});
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/c/offline.js', { scope: '/c' }).catch(() => {});
addEventListener('hashchange', check);
check();

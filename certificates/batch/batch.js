// Many certificates at once: codes are judged here, numbers are asked for one by one, no file is sent.

import { CannotCheck } from '/c/cose.js';
import { day, hours, issuer, moment } from '/c/facts.js';
import { load } from '/c/files.js';
import { judge } from '/c/verify.js';
import { WORDS } from '/c/words.js';
import { findingsIn, findingsPasted } from './sources.js';
import { workbookOf } from './workbook.js';

const MOST_NUMBERS = 200, AT_ONCE = 4;
const WIDTHS = [24, 12, 26, 12, 36, 14, 8, 12, 12, 48];
const element = (id) => document.getElementById(id);
const page = element('batch');
const words = WORDS[document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'];
const own = Object.fromEntries([...document.querySelectorAll('#words [data-word]')].map((each) => [each.dataset.word, each.textContent]));
const heads = [...document.querySelectorAll('#results th')].map((each) => each.textContent);
const addresses = { reader: page.dataset.reader, wasm: page.dataset.wasm };
let rows = [];

// --- from a finding to a row --------------------------------------------------------------------

const problem = (finding, word, facts) => ({ finding, colour: 'mute', state: own.unread, reason: filled(own[word], facts), ...partOf(finding) });
const partOf = ({ number }) => (number ? { number } : {});
const filled = (text, facts) => Object.entries(facts || {}).reduce((made, [name, value]) => made.replace(`{${name}}`, value), text);

async function judged(finding, files, now) {
  const [before, after] = finding.code.split('#'), fragment = after === undefined ? before : after;
  if (!/^\d{100}/.test(fragment)) return problem(finding, 'other_code', { said: finding.code.slice(0, 60) });
  try {
    const verdict = await judge(fragment, files, now);
    const [colour, , state, explanation] = words.states[verdict.state];
    const reason = words.reasons[verdict.reason] || explanation, doubt = words.listProblems[verdict.listProblem];
    return { finding, colour, state, reason: doubt ? `${reason}（${doubt}）` : reason, ...signedFacts(verdict.claims) };
  } catch (error) {
    if (!(error instanceof CannotCheck)) throw error;
    const [colour, , state] = words.states.cannot_check;
    return { finding, colour, state, reason: words.reasons[error.message] };
  }
}

const signedFacts = (claims) => (claims ? {
  number: claims.number, holder: claims.holder, issuer: issuer(claims.school, claims.number.slice(0, 6)), kind: words.kinds[claims.kind],
  hours: hours(claims.hours), awardedOn: day(claims.awardedOn),
  validUntil: claims.expiresAt === null ? words.forEver : moment(claims.expiresAt - 1).slice(0, 10),
} : {});

async function answered(finding) {
  const { number, checkCode } = finding;
  let answer;
  try {
    answer = await fetch(`/api/v1/certificates/${number}?code=${encodeURIComponent(checkCode)}`, {
      credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store',
    });
  } catch (error) {
    return { ...problem(finding, 'no_network'), again: true };
  }
  if (answer.status === 400) return problem(finding, 'mistyped');
  if (answer.status === 404) return { finding, number, colour: 'mute', state: words.states.not_found[2], reason: own.not_found };
  if (!answer.ok) return { ...problem(finding, answer.status === 429 ? 'too_many_tries' : 'no_network'), again: true };
  return registered(finding, await answer.json());
}

function registered(finding, said) {
  const [colour, , state, explanation] = words.states[said.state];
  const reason = said.successor_number ? filled(own.successor, { number: said.successor_number }) : explanation;
  const facts = said.holder ? {
    holder: said.holder, issuer: said.issuer, kind: words.kinds[said.kind], hours: hours(said.hours),
    awardedOn: said.awarded_on, validUntil: said.valid_until || words.forEver,
  } : {};
  return { finding, number: said.number, colour, state, reason, ...facts };
}

// --- a run --------------------------------------------------------------------------------------

async function run() {
  rows = [];
  element('rows').replaceChildren();
  element('results').hidden = false;
  const brought = [...element('files').files], pasted = findingsPasted(element('lines').value, own.pasted);
  const files = kept();
  let numbers = 0;
  for (let at = -1; at < brought.length; at += 1) {
    tell(filled(own.reading, { done: at + 1, all: brought.length }));
    const found = at < 0 ? pasted : await findingsIn(brought[at], addresses);
    const more = found.filter(({ checkCode }) => checkCode).length;
    if (numbers + more > MOST_NUMBERS) {
      add(problem({ of: found[0].of }, 'too_many_numbers', { count: more, most: MOST_NUMBERS }));
      continue;
    }
    numbers += more;
    for (const finding of found) await settle(finding, files);
  }
  await askAll();
}

async function settle(finding, files) {
  if (finding.problem) add(problem(finding, finding.problem));
  else if (finding.code) add(await judged(finding, files, Date.now() / 1000));
  else add({ ...problem(finding, 'waiting'), again: true });
}

/** The keys and lists once for a run, not once for a certificate. */
function kept() {
  const loaded = new Map();
  return (path) => {
    if (!loaded.has(path)) {
      loaded.set(path, load(path));
      loaded.get(path).catch(() => loaded.delete(path)); // the next certificate tries again
    }
    return loaded.get(path);
  };
}

/** A few at a time; whoever is told to wait stops asking, and nothing is lost. */
async function askAll() {
  const waiting = rows.filter((row) => row.again);
  let stopped = false, done = 0;
  const work = async () => {
    for (let row = waiting.shift(); row && !stopped; row = waiting.shift()) {
      const told = await answered(row.finding);
      stopped = stopped || Boolean(told.again);
      Object.assign(row, told, { again: Boolean(told.again) });
      draw(row);
      done += 1;
      tell(filled(own.asking, { done, all: done + waiting.length }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  finish();
}

function finish() {
  const counts = new Map();
  rows.forEach(({ state }) => counts.set(state, (counts.get(state) || 0) + 1));
  tell(`${filled(own.done, { all: rows.length })} ${[...counts].map(([state, count]) => `${state} ${count}`).join(' · ')}`);
  element('again').hidden = !rows.some((row) => row.again);
  element('download').hidden = !rows.length;
  page.dataset.done = 'yes';
}

// --- the table ----------------------------------------------------------------------------------

const tell = (text) => { element('progress').textContent = text; };
const sourceOf = ({ of, place, row }) => [of, place && `#${place}`, row && filled(own.row, { row })].filter(Boolean).join(' ');
const cellsOf = (row) => [sourceOf(row.finding), row.state, row.number, row.holder, row.issuer, row.kind, row.hours, row.awardedOn, row.validUntil, row.reason]
  .map((value) => value || '');

function add(row) {
  row.line = document.createElement('tr');
  rows.push(row);
  element('rows').append(row.line);
  draw(row);
}

function draw(row) {
  row.line.className = row.colour;
  row.line.replaceChildren(...cellsOf(row).map((text, at) => {
    const made = document.createElement('td');
    made.textContent = text;
    made.dataset.label = heads[at];
    return made;
  }));
}

function download() {
  const lines = rows.map((row) => cellsOf(row).map((text, at) => (at === 6 && text ? Number(text) : text)));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(workbookOf(own.title, [heads, ...lines], WIDTHS));
  link.download = `${own.title}-${moment(Date.now() / 1000).slice(0, 10)}.xlsx`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** One run at a time; what fails here is told, not lost. */
async function working(task) {
  delete page.dataset.done;
  element('check').disabled = element('again').disabled = true;
  try {
    await task();
  } finally {
    element('check').disabled = element('again').disabled = false;
  }
}

page.hidden = false;
element('too-old').hidden = true;
page.addEventListener('submit', (event) => { event.preventDefault(); working(run); });
element('again').addEventListener('click', () => working(askAll));
element('download').addEventListener('click', download);

// Lists of numbers and check codes: a workbook, a CSV file or pasted lines. Nothing else of a row is kept.

import { filesOf } from './unpacking.js';

const MOST_BYTES = 32 << 20;
const PRINTED = /[〔([【〖](?<year>\d{4})[〕)\]】〗]\s?(?<district>\d{6})\D?(?<serial>\d{7})\D?(?<check>\d)(?!\d)/;
const TYPED = /(?<district>\d{6})\D?(?<year>\d{4})\D?(?<serial>\d{7})\D?(?<check>\d)(?!\d)/;
const SHORTENED = /^\d(?:\.\d+)?E\+17$|^\d{15}000$/i;
const CODE_COLUMN = /验证码|校验码|check ?code/i;

/** The rows of every sheet of an XLSX workbook, as texts. */
export async function rowsOfWorkbook(bytes) {
  const files = filesOf(bytes, MOST_BYTES);
  const xml = async (name) => new DOMParser().parseFromString(new TextDecoder().decode(await files.get(name)()), 'application/xml');
  const strings = files.has('xl/sharedStrings.xml') ? all(await xml('xl/sharedStrings.xml'), 'si').map(textIn) : [];
  const sheets = [...files.keys()].filter((name) => /^xl\/worksheets\/[^/]+\.xml$/.test(name)).sort();
  if (!sheets.length) throw new Error('no workbook');
  const rows = [];
  for (const name of sheets) {
    all(await xml(name), 'row').forEach((row) => rows.push(valuesOf(row, strings)));
  }
  return rows;
}

const all = (node, name) => Array.from(node.getElementsByTagNameNS('*', name));
const textIn = (node) => all(node, 't').map((each) => each.textContent).join('');

/** Cells that are left out are empty: B3 is the second of its row. */
function valuesOf(row, strings) {
  const values = [];
  all(row, 'c').forEach((cell) => { values[columnOf(cell, values.length)] = valueOf(cell, strings); });
  return Array.from(values, (value) => value || '');
}

function columnOf(cell, next) {
  const letters = /^[A-Z]{1,3}/.exec(cell.getAttribute('r') || '');
  return letters ? [...letters[0]].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : next;
}

function valueOf(cell, strings) {
  const value = all(cell, 'v').map((each) => each.textContent).join('');
  if (cell.getAttribute('t') === 's') return strings[Number(value)] || '';
  return cell.getAttribute('t') === 'inlineStr' ? textIn(cell) : value;
}

/** The rows of a text; an old spreadsheet writes CSV in GB 18030. */
export function rowsOfText(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    text = new TextDecoder('gb18030').decode(bytes);
  }
  return text.split(/\r\n|\r|\n/).map((line) => line.split(/[\t,;，；]/).map((cell) => cell.replace(/^\s*"|"\s*$/g, '')));
}

/** What each row asks: a number with its check code, or what is wrong with the row. */
export function asked(rows) {
  const plain = rows.map((row) => row.map((cell) => cell.normalize('NFKC').trim()));
  const column = plain.length ? plain[0].findIndex((cell) => CODE_COLUMN.test(cell)) : -1;
  return plain.flatMap((cells, row) => {
    const written = cells.filter(Boolean);
    if (!written.length || (row === 0 && !cells.some((cell) => /\d{6}/.test(cell)))) return [];
    const at = cells.findIndex((cell) => numberIn(cell));
    if (at < 0) return [{ row, problem: cells.some((cell) => SHORTENED.test(cell)) ? 'shortened' : 'no_number' }];
    const [number, spelled] = numberIn(cells[at]);
    const isNamed = column >= 0 && column !== at;
    const beside = isNamed ? [cells[column] || ''] : cells.map((cell) => cell.replace(spelled, ' '));
    const code = beside.flatMap((cell) => cell.split(/[\s,;]+/)).find(isNamed ? isWritten : isCode);
    return [code ? { row, number, code } : { row, number, problem: 'no_check_code' }];
  });
}

/** The canonical number in a cell, and how it is spelled there. */
function numberIn(cell) {
  const found = PRINTED.exec(cell) || TYPED.exec(cell);
  if (!found) return null;
  const { district, year, serial, check } = found.groups;
  return [`${district}-${year}-${serial}-${check}`, found[0]];
}

function isWritten(text) {
  return /^[0-9A-Z]{4}[-‐–—−]?[0-9A-Z]{4}$/i.test(text);
}

/** Eight letters may be somebody's name (Mary-Jane), which must not be sent: a code has a digit, or its dash and one case. */
function isCode(text) {
  return isWritten(text) && (/\d/.test(text) || /^([A-Z]{4}[^A-Za-z][A-Z]{4}|[a-z]{4}[^A-Za-z][a-z]{4})$/.test(text));
}

// What somebody brings: files and pasted lines in, what is to be judged out. Each says where it is from.

import { codesOn, NoReader } from './codes.js';
import { codesInside } from './pdf.js';
import { asked, rowsOfText, rowsOfWorkbook } from './tables.js';

const LARGEST = 64 << 20;
const begins = (bytes, text) => [...text].every((character, at) => bytes[at] === character.charCodeAt(0));

/** Each finding has `code`, or `number` and `checkCode`, or `problem`; `of` is its file, `place` where in it. */
export async function findingsIn(file, addresses) {
  const made = (finding) => ({ of: file.name, ...finding });
  if (file.size > LARGEST) return [made({ problem: 'too_large' })];
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return (await findings(file, bytes, addresses)).map(made);
  } catch (error) {
    return [made({ problem: error instanceof NoReader ? 'no_network' : 'unreadable' })];
  }
}

async function findings(file, bytes, addresses) {
  if (begins(bytes, '%PDF')) return codes(await codesInside(bytes, addresses), 'pdf_without_code');
  if (begins(bytes, 'PK\u0003\u0004')) return list(await rowsOfWorkbook(bytes));
  if (begins(bytes, '\u00d0\u00cf\u0011\u00e0')) return [{ problem: 'old_workbook' }];
  if (/\.(csv|txt|tsv)$/i.test(file.name)) return list(rowsOfText(bytes));
  return codes(await codesOn(file, addresses), 'no_code');
}

function codes(texts, otherwise) {
  if (!texts.length) return [{ problem: otherwise }];
  return texts.map((code, at) => ({ code, place: texts.length > 1 ? at + 1 : null }));
}

function list(rows) {
  const found = asked(rows);
  if (!found.some(({ number }) => number) && !found.some(({ problem }) => problem === 'shortened')) return [{ problem: 'no_numbers' }];
  return found.map(({ row, number, code, problem }) => ({ number, checkCode: code, problem, row: row + 1 }));
}

/** Pasted lines: links of codes, or numbers with check codes. */
export function findingsPasted(text, name) {
  const lines = text.split('\n');
  const links = lines.flatMap((line, at) => (/#\d{100}|^\s*\d{100}/.test(line) ? [{ of: name, code: line.trim(), row: at + 1 }] : []));
  const rest = lines.map((line, at) => (links.some(({ row }) => row === at + 1) ? '' : line)).join('\n');
  return rest.trim() ? [...links, ...list(rowsOfText(new TextEncoder().encode(rest))).map((each) => ({ of: name, ...each }))] : links;
}

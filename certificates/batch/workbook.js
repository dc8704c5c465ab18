// An XLSX workbook of one sheet of texts and numbers: stored ZIP, no library, nothing that runs.

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OPEN = 'http://schemas.openxmlformats.org', MAIN = `${OPEN}/spreadsheetml/2006/main`, RELATIONS = `${OPEN}/package/2006/relationships`;
const OFFICE = `${OPEN}/officeDocument/2006/relationships`, KIND = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** `rows` begin with the heads of the columns; `widths` are in characters. */
export function workbookOf(title, rows, widths) {
  const lines = rows.map((row, at) => `<row r="${at + 1}">${row.map(cell).join('')}</row>`).join('');
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join('');
  return zipped({
    '[Content_Types].xml': `${XML}<Types xmlns="${OPEN}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${KIND}.worksheet+xml"/></Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(title)}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${RELATIONS}"><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${MAIN}"><cols>${columns}</cols><sheetData>${lines}</sheetData></worksheet>`,
  });
}

const cell = (value) => (typeof value === 'number' ? `<c><v>${value}</v></c>`
  : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(defused(value))}</t></is></c>`);
// Saved as CSV later on, a cell that begins like a formula would become one.
const defused = (text) => (/^[\s]*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text);
const escaped = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  .replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

function zipped(files) {
  const parts = [], listed = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = new TextEncoder().encode(text), path = new TextEncoder().encode(name);
    // Version 2.0, no flags but UTF-8, stored; 1 January 1980, the first day there is.
    const about = [u16(20), u16(0x0800), u16(0), u16(0), u16(33), u32(crc32(data)), u32(data.length), u32(data.length), u16(path.length), u16(0)];
    const local = [u32(0x04034b50), ...about, path, data];
    listed.push(u32(0x02014b50), u16(20), ...about, u16(0), u16(0), u16(0), u32(0), u32(at), path);
    parts.push(...local);
    at += lengthOf(local);
  }
  const count = u16(Object.keys(files).length);
  return new Blob([...parts, ...listed, u32(0x06054b50), u16(0), u16(0), count, count, u32(lengthOf(listed)), u32(at), u16(0)],
    { type: `${KIND}.sheet` });
}

const lengthOf = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
const u16 = (value) => Uint8Array.of(value & 255, value >> 8);
const u32 = (value) => Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

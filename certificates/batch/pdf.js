// The certificates in a PDF: the texts of codes that are attached, and the codes on scanned pages.

import { codesOn, NoReader } from './codes.js';
import { inflated } from './unpacking.js';

const LINK = /https?:\/\/[^\s"'<>()#]{1,200}\/c#[0-9]{100,3000}/g;
const MOST_STREAMS = 5000, MOST_BYTES = 16 << 20, MOST_IN_ALL = 256 << 20, MOST_PICTURES = 100;

/** The texts of the codes, each once. Nothing found is an empty list. */
export async function codesInside(bytes, addresses) {
  const text = latin(bytes), streams = streamsOf(bytes, text), links = new Set(text.match(LINK) || []);
  let left = MOST_IN_ALL;
  for (const stream of streams.filter(({ filter }) => filter === 'FlateDecode')) {
    const plain = left > 0 ? await unpacked(stream.bytes) : null;
    if (!plain) continue;
    left -= plain.length;
    (latin(plain).match(LINK) || []).forEach((link) => links.add(link));
  }
  const pictures = streams.filter(({ filter }) => filter === 'DCTDecode').slice(0, MOST_PICTURES);
  for (const { bytes: picture } of pictures) {
    const found = await codesOn(new Blob([picture], { type: 'image/jpeg' }), addresses).catch((error) => {
      if (error instanceof NoReader) throw error;
      return []; // a picture in a way of its own
    });
    found.forEach((code) => links.add(code));
  }
  return [...links];
}

// One character for each byte: places in the text are places in the file.
const latin = (bytes) => new TextDecoder('latin1').decode(bytes);

function streamsOf(bytes, text) {
  const streams = [], opening = /stream\r?\n/g;
  for (let found = opening.exec(text); found && streams.length < MOST_STREAMS; found = opening.exec(text)) {
    if (text.slice(found.index - 3, found.index) === 'end') continue;
    const start = opening.lastIndex, end = text.indexOf('endstream', start);
    if (end < 0) break;
    const dictionary = text.slice(text.lastIndexOf('obj', found.index), found.index);
    // The last filter that is applied: what is inside a second one is none of ours.
    const filter = /\/Filter\s*\[?\s*\/(\w+)/.exec(dictionary);
    streams.push({ filter: filter && filter[1], bytes: bytes.subarray(start, end) });
    opening.lastIndex = end;
  }
  return streams;
}

/** The end of the line before `endstream` may or may not belong to the data. */
async function unpacked(bytes) {
  for (const cut of [1, 2, 0]) {
    try {
      return await inflated(bytes.subarray(0, bytes.length - cut), 'deflate', MOST_BYTES);
    } catch (error) { /* the next length */ }
  }
  return null;
}

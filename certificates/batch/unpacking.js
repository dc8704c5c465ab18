// Taking compressed bytes apart: one stream of a PDF, or the files of a ZIP.

/** What was compressed, at most so many bytes of it; a bomb is an error. */
export async function inflated(bytes, format, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  let size = 0;
  for (let got = await reader.read(); !got.done; got = await reader.read()) {
    size += got.value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error('too large');
    }
    parts.push(got.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const END = 0x06054b50, ENTRY = 0x02014b50;

/** Each file of a ZIP by its name: a function that gives its bytes. */
export function filesOf(bytes, most) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), files = new Map();
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw new Error('no ZIP');
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (view.getUint32(at, true) !== ENTRY) throw new Error('no ZIP');
    const method = view.getUint16(at + 10, true), size = view.getUint32(at + 20, true), local = view.getUint32(at + 42, true);
    const named = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + named));
    files.set(name, () => {
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const packed = bytes.subarray(start, start + size);
      return method === 8 ? inflated(packed, 'deflate-raw', most) : packed;
    });
    at += 46 + named + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

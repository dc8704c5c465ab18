// CBOR with one spelling for each value, as the issuer writes it; anything else is malformed.

export class Malformed extends Error {}

export function decodeCbor(bytes) {
  const reader = new Reader(bytes), decoded = reader.item(0);
  if (reader.at !== bytes.length) throw new Malformed('trailing bytes');
  return decoded;
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = 0;
  }

  take(length) {
    if (length > this.bytes.length - this.at) throw new Malformed('cut short');
    this.at += Number(length);
    return this.bytes.slice(this.at - Number(length), this.at);
  }

  item(depth) {
    if (depth > 8) throw new Malformed('too deep');
    const head = this.take(1)[0], value = this.argument(head & 31);
    switch (head >> 5) {
      case 0: return value;
      case 1: return typeof value === 'bigint' ? -1n - value : -1 - value;
      case 2: return this.take(value);
      case 3: return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(value));
      case 4: return Array.from({ length: this.count(value) }, () => this.item(depth + 1));
      case 5: return this.map(this.count(value), depth + 1);
      case 6: return { tag: value, value: this.item(depth + 1) };
      default: throw new Malformed('a simple value');
    }
  }

  argument(low) {
    if (low < 24) return low;
    if (low > 27) throw new Malformed('indefinite length');
    const start = this.at;
    this.take(1 << (low - 24));
    if (low === 24) return least(this.view.getUint8(start), 24);
    if (low === 25) return least(this.view.getUint16(start), 0x100);
    if (low === 26) return least(this.view.getUint32(start), 0x10000);
    const large = least(this.view.getBigUint64(start), 0x100000000n);
    return large <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(large) : large;
  }

  count(value) {
    if (value > this.bytes.length - this.at) throw new Malformed('cut short');
    return value;
  }

  map(count, depth) {
    const entries = new Map();
    let before = null;
    for (let i = 0; i < count; i++) {
      const start = this.at, key = this.item(depth), spelled = this.bytes.slice(start, this.at);
      if (before && !follows(before, spelled)) throw new Malformed('keys out of order');
      before = spelled;
      entries.set(key, this.item(depth));
    }
    return entries;
  }
}

const least = (value, minimum) => {
  if (value < minimum) throw new Malformed('a long spelling');
  return value;
};

const follows = (before, after) => {
  if (before.length !== after.length) return after.length > before.length;
  const differs = before.findIndex((byte, i) => byte !== after[i]);
  return differs >= 0 && after[differs] > before[differs];
};

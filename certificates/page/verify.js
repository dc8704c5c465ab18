// Judging a scanned certificate: no page, no words, nothing sent but the two public files.
// `load(path)` gives the bytes of a public file, with `kept` set where they are from an earlier visit.

const EDDSA = -8, COSE_SIGN1 = 18, OURS = -65537, STATUS_LIST = 65533;
const REQUIRED = [1, 2, 3, 4, 5, 6, 7, 13, 15];
const OPTIONAL = [8, 9, 10, 11, 12, 14];
const STATUSES = ['valid', 'revoked', 'suspended', 'replaced', 'withdrawn'];
const PLACES = 1 << 20, LAST_DAY = 2932896;
export const KINDS = ['annual_completion', 'stage_completion', 'star_level', 'statement_of_hours'];
export const STAGES = ['kindergarten', 'primary', 'junior', 'senior', 'vocational', 'special'];
export const RESULTS = ['pass', 'merit'];

class Malformed extends Error {}
export class CannotCheck extends Error {}

// --- CBOR: one spelling for each value, as the issuer writes it --------------------------------

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
    if (value > this.bytes.length) throw new Malformed('cut short');
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

// --- COSE_Sign1 --------------------------------------------------------------------------------

const bytesHead = (length) => (length < 24 ? [0x40 | length] : length < 256 ? [0x58, length]
  : length < 65536 ? [0x59, length >> 8, length & 255]
    : [0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]);

function toBeSigned(guarded, payload) {
  const parts = [[0x84, 0x6a], new TextEncoder().encode('Signature1'),
    bytesHead(guarded.length), guarded, [0x40], bytesHead(payload.length), payload];
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((offset, part) => (joined.set(part, offset), offset + part.length), 0);
  return joined;
}

function takeApart(bytes) {
  const { tag, value } = decodeCbor(bytes);
  if (tag !== COSE_SIGN1 || !Array.isArray(value) || value.length !== 4) throw new Malformed('no COSE_Sign1');
  const [guarded, open, payload, signature] = value;
  const binary = [guarded, payload, signature].every((part) => part instanceof Uint8Array);
  if (!binary || !(open instanceof Map) || open.size || signature.length !== 64) throw new Malformed('no COSE_Sign1');
  const headers = decodeCbor(guarded);
  const kid = headers instanceof Map && headers.size === 2 && headers.get(4);
  if (!(kid instanceof Uint8Array) || kid.length !== 8 || !Number.isInteger(headers.get(1))) {
    throw new Malformed('other headers');
  }
  return { kid: hex(kid), algorithm: headers.get(1), guarded, payload, signature };
}

async function isSigned(signed, key) {
  if (signed.algorithm !== key.alg || key.alg !== EDDSA) return false;
  if (!globalThis.crypto || !crypto.subtle) throw new CannotCheck('insecure_context');
  let imported;
  try {
    imported = await crypto.subtle.importKey('raw', unhex(key.x), { name: 'Ed25519' }, false, ['verify']);
  } catch (error) {
    throw new CannotCheck('no_ed25519');
  }
  return crypto.subtle.verify({ name: 'Ed25519' }, imported, signed.signature, toBeSigned(signed.guarded, signed.payload));
}

/** Give the reason to distrust, or nothing. */
async function distrust(signed, key, issuedAt) {
  if (!key) return 'unknown_key';
  if (key.state === 'compromised') return 'compromised_key';
  if (!(await isSigned(signed, key))) return 'bad_signature';
  return key.from <= issuedAt && issuedAt < key.until ? null : 'outside_key_window';
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

// --- claims ------------------------------------------------------------------------------------

export function claimsOf(payload) {
  const outer = decodeCbor(payload);
  const ours = outer instanceof Map ? outer.get(OURS) : null;
  if (!(ours instanceof Map)) throw new Malformed('no claims');
  const strange = [...outer.keys()].some((key) => ![4, 6, 7, OURS].includes(key))
    || [...ours.keys()].some((key) => !REQUIRED.includes(key) && !OPTIONAL.includes(key))
    || REQUIRED.some((key) => !ours.has(key));
  const place = ours.get(6), days = ours.get(14);
  const pairs = [place, ...(ours.has(14) ? [days] : [])];
  if (strange || pairs.some((pair) => !Array.isArray(pair) || pair.length !== 2)) throw new Malformed('no claims');
  const read = (key, reading) => (ours.has(key) ? reading(ours.get(key)) : null);
  return {
    id: hex(binary(outer.get(7), 16)), issuedAt: seconds(outer.get(6)),
    expiresAt: outer.has(4) ? seconds(outer.get(4)) : null,
    kind: chosen(KINDS, ours.get(1)), number: numbered(ours.get(2)), hours: integer(ours.get(3)),
    holder: text(ours.get(4)), commitment: hex(binary(ours.get(5), 12)),
    list: integer(place[0], 1), index: integer(place[1], 0, PLACES - 1),
    school: text(ours.get(7)), period: read(8, period) || '', level: read(9, (level) => integer(level, 1, 5)),
    stage: read(10, (code) => chosen(STAGES, code)), faceToFace: read(11, (hours) => integer(hours, 1)) || 0,
    result: read(12, (code) => chosen(RESULTS, code)), awardedOn: day(ours.get(13)),
    days: days ? days.map(day) : null, rulebook: string(ours.get(15)),
  };
}

const integer = (value, least = 0, most = Number.MAX_SAFE_INTEGER) => {
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new Malformed('a number out of its range');
  return value;
};
const binary = (value, length) => {
  if (!(value instanceof Uint8Array) || (length && value.length !== length)) throw new Malformed('not so many bytes');
  return value;
};
const string = (value) => {
  if (typeof value !== 'string') throw new Malformed('no text');
  return value;
};
const day = (value) => integer(value, 0, LAST_DAY);
const seconds = (value) => integer(value, 0, (LAST_DAY + 1) * 86400 - 1);
const text = (packed) => new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(binary(packed));
const period = (packed) => (typeof packed === 'number' ? `${integer(packed, 1000, 9999)}学年` : text(packed));
const chosen = (choices, code) => choices[integer(code, 0, choices.length - 1)];
const numbered = (packed) => {
  const digits = String(packed).padStart(18, '0');
  if (!/^[0-9]{18}$/.test(digits) || checkDigit(digits.slice(0, 17)) !== digits[17]) throw new Malformed('no number');
  return `${digits.slice(0, 6)}-${digits.slice(6, 10)}-${digits.slice(10, 17)}-${digits.slice(17)}`;
};

/** ISO 7064 MOD 11,10. */
const checkDigit = (digits) => String((11 - [...digits].reduce(
  (product, digit) => (((product + Number(digit)) % 10 || 10) * 2) % 11, 10)) % 10);

// --- the verdict -------------------------------------------------------------------------------

/** Take the signed bytes out of a fragment, whatever a chat app appended to it. */
export function bytesOf(fragment) {
  const digits = /^[0-9]+/.exec(fragment);
  if (!digits || digits[0].length > 3000) return null;
  const spelled = BigInt(digits[0]).toString(16);
  return unhex(spelled.length & 1 ? `0${spelled}` : spelled);
}

export async function judge(fragment, load, now) {
  const verdict = { state: 'not_found', reason: 'no_payload', claims: null, keyId: null, listAsOf: null, listProblem: null };
  const bytes = bytesOf(fragment);
  if (!bytes) return verdict;
  let signed, claims;
  try {
    signed = takeApart(bytes);
    claims = claimsOf(signed.payload);
  } catch (error) {
    return { ...verdict, state: 'forged', reason: 'malformed' };
  }
  const keys = await keyList(load);
  const reason = await distrust(signed, keys[signed.kid], claims.issuedAt);
  if (reason) return { ...verdict, state: 'forged', reason };
  const known = { ...verdict, reason: null, claims, keyId: keys[signed.kid].id };
  try {
    const list = await statusList(load, claims.list, keys);
    const status = statusAt(list, claims.index);
    const listProblem = now >= list.expiresAt ? 'stale' : list.kept ? 'kept' : null;
    // A kept or old list still revokes, but what happened since it cannot know.
    return { ...known, state: worst(status === 'valid' && listProblem ? null : status, claims, now),
      listAsOf: list.issuedAt, listProblem };
  } catch (error) {
    return { ...known, state: worst(null, claims, now), listProblem: 'unavailable' };
  }
}

function worst(status, claims, now) {
  if (status && status !== 'valid') return status;
  if (claims.expiresAt !== null && now >= claims.expiresAt) return 'expired';
  return status ? 'valid' : 'status_unknown';
}

async function keyList(load) {
  try {
    return JSON.parse(new TextDecoder().decode(await load('/c/keys.json'))).keys;
  } catch (error) {
    throw new CannotCheck('no_network');
  }
}

async function statusList(load, number, keys) {
  const sent = await load(`/status/${number}`), signed = takeApart(sent);
  const claims = decodeCbor(signed.payload), issuedAt = seconds(claims.get(6));
  const packed = claims.get(STATUS_LIST);
  if (!claims.get(2).endsWith(`/status/${number}`) || packed.get('bits') !== 4) throw new Malformed('another list');
  if (await distrust(signed, keys[signed.kid], issuedAt)) throw new Malformed('not signed by us');
  const bytes = await inflated(packed.get('lst'));
  if (bytes.length !== PLACES / 2) throw new Malformed('not a whole list');
  return { issuedAt, expiresAt: seconds(claims.get(4)), bytes, kept: Boolean(sent.kept) };
}

function statusAt(list, index) {
  if (!(index >= 0 && index < PLACES)) throw new Malformed('no such place');
  return chosen(STATUSES, (list.bytes[index >> 1] >> (index & 1 ? 4 : 0)) & 15);
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

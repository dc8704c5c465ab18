// Judging a scanned certificate: no page, no words, nothing asked for but public files.
// `load(path)` gives the bytes of a public file, with `kept` set where they are from an earlier visit.

import { decodeCbor, Malformed } from './cbor.js';
import { CannotCheck, distrust, hex, sha256, takeApart, unhex } from './cose.js';

const OURS = -65537, STATUS_LIST = 65533, PROVED = -65538, PROOF = 16;
const REQUIRED = [1, 2, 3, 4, 5, 6, 7, 13, 15];
const OPTIONAL = [8, 9, 10, 11, 12, 14];
const STATUSES = ['valid', 'revoked', 'suspended', 'replaced', 'withdrawn'];
const PLACES = 1 << 20, LAST_DAY = 2932896;
export const KINDS = ['annual_completion', 'stage_completion', 'star_level', 'statement_of_hours'];
export const STAGES = ['kindergarten', 'primary', 'junior', 'senior', 'vocational', 'special'];
export const RESULTS = ['pass', 'merit'];

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
  const whole = ['number', 'bigint'].includes(typeof packed) && /^[0-9]{18}$/.test(digits);
  if (!whole || checkDigit(digits.slice(0, 17)) !== digits[17]) throw new Malformed('no number');
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

/** The state, and why. A clock behind the signed list is wrong: what expired by then has expired. */
export async function judge(fragment, load, now) {
  const verdict = { state: 'not_found', reason: 'no_payload', claims: null, keyId: null,
    givenUpAt: null, listAsOf: null, listProblem: null };
  const bytes = bytesOf(fragment);
  if (!bytes) return verdict;
  let signed, claims;
  try {
    signed = takeApart(bytes);
    claims = claimsOf(signed.payload);
  } catch (error) {
    return { ...verdict, state: 'forged', reason: 'malformed' };
  }
  const keys = await keyList(load), key = keys.get(signed.kid);
  const reason = await untrusted(bytes, signed, claims, key, keys, load, now);
  if (reason) return { ...verdict, state: 'forged', reason };
  const known = { ...verdict, reason: null, claims, keyId: key.id,
    givenUpAt: key.state === 'compromised' ? key.until : null };
  let list;
  try {
    list = await statusList(load, claims.list, keys);
    list.status = statusAt(list, claims.index);
  } catch (error) {
    return { ...known, state: worst(null, claims, now), listProblem: 'unavailable' };
  }
  const listProblem = now >= list.expiresAt ? 'stale' : list.kept ? 'kept' : null;
  // A kept or old list still revokes, but what happened since it cannot know.
  const status = list.status === 'valid' && listProblem ? null : list.status;
  return { ...known, state: worst(status, claims, Math.max(now, list.issuedAt)), listAsOf: list.issuedAt, listProblem };
}

async function untrusted(bytes, signed, claims, key, keys, load, now) {
  if (!key) return 'unknown_key';
  // Whoever stole the key writes any time of issue: only the log tells what is older than the theft.
  if (key.state === 'compromised' && !(await isProved(bytes, signed.kid, key, keys, load, now))) return 'compromised_key';
  return distrust(signed, key, claims.issuedAt);
}

function worst(status, claims, now) {
  if (status && status !== 'valid') return status;
  if (claims.expiresAt !== null && now >= claims.expiresAt) return 'expired';
  return status ? 'valid' : 'status_unknown';
}

// --- the public files --------------------------------------------------------------------------

async function keyList(load) {
  try {
    const { keys } = JSON.parse(new TextDecoder().decode(await load('/c/keys.json')));
    if (keys.constructor !== Object) throw new Malformed('no keys');
    return new Map(Object.entries(keys).filter(([, key]) => /^[0-9a-f]{64}$/.test(key.x)));
  } catch (error) {
    throw new CannotCheck('no_network');
  }
}

/** The claims of a file that we signed about itself, with a key that is still believed. */
async function ownClaims(sent, path, keys) {
  const signed = takeApart(sent), claims = decodeCbor(signed.payload), key = keys.get(signed.kid);
  const issuedAt = seconds(claims.get(6));
  if (!claims.get(2).endsWith(path)) throw new Malformed('another file');
  if (!key || key.state === 'compromised' || await distrust(signed, key, issuedAt)) throw new Malformed('not signed by us');
  return { issuedAt, expiresAt: seconds(claims.get(4)), claims };
}

async function statusList(load, number, keys) {
  const path = `/status/${number}`, sent = await load(path);
  const { issuedAt, expiresAt, claims } = await ownClaims(sent, path, keys), packed = claims.get(STATUS_LIST);
  if (packed.get('bits') !== 4) throw new Malformed('another list');
  const bytes = await inflated(packed.get('lst'));
  if (bytes.length !== PLACES / 2) throw new Malformed('not a whole list');
  return { issuedAt, expiresAt, bytes, kept: Boolean(sent.kept) };
}

const statusAt = (list, index) => chosen(STATUSES, (list.bytes[index >> 1] >> (index & 1 ? 4 : 0)) & 15);

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Whether the log proves these bytes older than the theft of their key. Asks for a shard of many. */
async function isProved(bytes, kid, key, keys, load, now) {
  if (!key.proved) return false;
  const digest = await sha256(bytes);
  let proofs;
  try {
    const path = `/c/proved/${kid}/${(digest[0] * integer(key.proved.shards, 1, 256)) >> 8}`;
    const { expiresAt, claims } = await ownClaims(await load(path), path, keys);
    if (now >= expiresAt) throw new Malformed('too old');
    proofs = binary(claims.get(PROVED));
  } catch (error) {
    throw new CannotCheck('no_proof');
  }
  for (let at = 0; at + PROOF <= proofs.length; at += PROOF) {
    if (digest.subarray(0, PROOF).every((byte, i) => byte === proofs[at + i])) return true;
  }
  return false;
}

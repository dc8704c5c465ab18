// COSE_Sign1 as the issuer writes it, and the signature: by the browser, or by noble where it has none.

import { decodeCbor, Malformed } from './cbor.js';

const EDDSA = -8, COSE_SIGN1 = 18;

export class CannotCheck extends Error {}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

export function takeApart(bytes) {
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

/** Give the reason to distrust, or nothing. Whether a compromised key may speak is asked before. */
export async function distrust(signed, key, issuedAt) {
  if (!(await isSigned(signed, key))) return 'bad_signature';
  return key.from <= issuedAt && issuedAt < key.until ? null : 'outside_key_window';
}

export async function sha256(bytes) {
  const subtle = globalThis.crypto && crypto.subtle;
  return subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : (await noble()).sha256(bytes);
}

async function isSigned(signed, key) {
  if (signed.algorithm !== key.alg || key.alg !== EDDSA) return false;
  const message = toBeSigned(signed.guarded, signed.payload), raw = unhex(key.x);
  const own = await imported(raw);
  if (own) return crypto.subtle.verify({ name: 'Ed25519' }, own, signed.signature, message);
  return (await noble()).verify(signed.signature, message, raw);
}

/** The key for the browser's own Ed25519; nothing where it has none, or the address is not https. */
async function imported(raw) {
  try {
    return await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify']);
  } catch (error) {
    return null;
  }
}

async function noble() {
  try {
    return await import('./ed25519.js');
  } catch (error) {
    throw new CannotCheck('no_ed25519');
  }
}

function toBeSigned(guarded, payload) {
  const parts = [[0x84, 0x6a], new TextEncoder().encode('Signature1'),
    bytesHead(guarded.length), guarded, [0x40], bytesHead(payload.length), payload];
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((offset, part) => (joined.set(part, offset), offset + part.length), 0);
  return joined;
}

const bytesHead = (length) => (length < 24 ? [0x40 | length] : length < 256 ? [0x58, length]
  : length < 65536 ? [0x59, length >> 8, length & 255]
    : [0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255]);

// Digital Bazaar's and the DCC's verifiers of credentials, and jose for VC-JWT.
console.warn = () => {}; // ajv remarks on the official schema
import { found, setTime } from './network.mjs';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { verifyCredential } from '@digitalcredentials/verifier-core';
import { SignJWT, importJWK, jwtVerify } from 'jose';

/** did:web as its specification resolves it, a key of it with its fragment; and pinned contexts. */
async function documentLoader(address) {
  const [did, name] = address.split('#');
  if (!did.startsWith('did:web:')) return { document: found(address), documentUrl: address };
  const whole = found(`https://${decodeURIComponent(did.slice(8))}/.well-known/did.json`);
  const key = whole.verificationMethod.find((method) => method.id === address);
  if (name && !key) throw new Error(`no key ${address}`);
  const document = name ? { '@context': 'https://w3id.org/security/multikey/v1', ...key } : whole;
  return { document, documentUrl: address };
}

const proofs = (signer, date) => new DataIntegrityProof({ cryptosuite, signer, date });
const said = (error) => [error, ...(error?.errors || []), error?.cause].filter(Boolean).map(String).join('; ');

export async function digitalbazaar({ credential, now }) {
  setTime(now);
  const suite = proofs();
  const statusOf = (asked) => checkStatus({ ...asked, suite, verifyBitstringStatusListCredential: true });
  const judged = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus: statusOf, now: new Date() });
  // `verified` says that the list could be read, not that the bit is clear.
  const bits = (judged.statusResult?.results || []).map((result) => result.status);
  return { verified: judged.verified, revoked: bits.includes(true), error: said(judged.error || judged.statusResult?.error) };
}

export async function dcc({ credential, now }) {
  setTime(now);
  const { errors, log, additionalInformation } = await verifyCredential({ credential, knownDIDRegistries: [] });
  const steps = Object.fromEntries((log || []).map((step) => [step.id, step.valid ?? step.error?.name]));
  const schemas = (additionalInformation || []).flatMap((each) => each.results || []);
  return { errors: (errors || []).map((error) => `${error.name}: ${error.message}`), steps,
    schemas: schemas.map(({ result }) => result.valid) };
}

export async function jose({ token, now }) {
  const kid = JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
  setTime(now);
  const { document } = await documentLoader(kid);
  const { payload } = await jwtVerify(token, await importJWK(document.publicKeyJwk, 'ES256'),
    { algorithms: ['ES256'], typ: 'JWT', currentDate: new Date(now * 1000) });
  return payload;
}

export async function issued({ credential, key, secret, address, now }) {
  setTime(now);
  const pair = await Ed25519Multikey.from({ type: 'Multikey', id: address, controller: address.split('#')[0],
    publicKeyMultibase: key, secretKeyMultibase: secret });
  return vc.issue({ credential, suite: proofs(pair.signer(), new Date()), documentLoader });
}

export async function tokenIssued({ claims, header, jwk }) {
  return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(jwk, 'ES256'));
}

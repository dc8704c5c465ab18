// @auth0/cose: COSE_Sign1 and keys of an independent implementation.
import { COSEKey, Sign1 } from '@auth0/cose';
import { importJWK } from 'jose';

const bytes = (hex) => Buffer.from(hex, 'hex');
const jwk = (x, d) => ({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', x: bytes(x).toString('base64url'),
  ...(d && { d: bytes(d).toString('base64url') }) });

/** The payload of a message that this key signed; throws for any other. */
export async function verified({ data, key }) {
  const message = Sign1.decode(bytes(data));
  await message.verify(await importJWK(jwk(key)));
  return Buffer.from(message.payload).toString('hex');
}

export async function signed({ payload, kid, key, secret }) {
  const headers = [[1, -8], [4, bytes(kid)]];
  const message = await Sign1.sign(new Map(headers), new Map(), bytes(payload), await importJWK(jwk(key, secret)));
  return Buffer.from(message.encode()).toString('hex');
}

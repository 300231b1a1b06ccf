// Signs the JSON Web Tokens by which services know who calls (RFC 7515, 7519). Verifies none.
import { constants, createPrivateKey, sign, type KeyObject } from 'node:crypto';

export interface JwtParts {
  readonly alg: 'RS256' | 'PS256' | 'ES256';
  /** PEM, or a key of node:crypto: RSA, or P-256 for ES256. */
  readonly key: string | KeyObject;
  /** Beside `alg` and `typ`. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** @throws Error where the key is none, or of another kind */
export function signJwt({ alg, key, header, claims }: JwtParts): string {
  const content = `${encoded({ alg, typ: 'JWT', ...header })}.${encoded(claims)}`;
  const privateKey = typeof key === 'string' ? createPrivateKey(key) : key;
  return `${content}.${signatureOf(content, alg, privateKey).toString('base64url')}`;
}

function signatureOf(content: string, alg: JwtParts['alg'], key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== (alg === 'ES256' ? 'ec' : 'rsa')) throw new Error(`the key is not one for ${alg}`);
  // JWT wants r and s side by side, where OpenSSL would give DER.
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  const how = { RS256: {}, PS256: { padding, saltLength }, ES256: { dsaEncoding: 'ieee-p1363' as const } };
  return sign('sha256', Buffer.from(content), { key, ...how[alg] });
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

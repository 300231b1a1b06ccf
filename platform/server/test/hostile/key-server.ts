// An issuer of tokens with its key set, and a place that no token may make the server fetch from. Counts the
// requests.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, SignJWT, type JWK, type JWTHeaderParameters } from 'jose';

export interface KeyServer {
  readonly jwksUrl: string;
  readonly decoyUrl: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** The public key, as a JWK and as PEM. */
  readonly publicJwk: JWK;
  readonly publicPem: string;
  /** Signed by the issuer. */
  sign(claims: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  close(): Promise<void>;
}

export async function startKeyServer(): Promise<KeyServer> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify({ keys: [publicJwk] }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    jwksUrl: `${origin}/jwks`,
    decoyUrl: `${origin}/decoy`,
    asked,
    publicJwk,
    publicPem: await exportSPKI(publicKey),
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(privateKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

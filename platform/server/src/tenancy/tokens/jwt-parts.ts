// Takes a compact JWT apart: header, payload, signature. Judges nothing that stands in them.
import {
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import type { VerificationKey } from './jwks.ts';

export function headerOf(token: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

/** The claims of a token, of any maker. */
export function unverifiedPayload(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/**
 * Undefined when the signature is not this key's. Anything else that goes wrong is a defect and is thrown.
 */
export async function verifiedPayload(
  token: string,
  { key, algorithms }: Pick<VerificationKey, 'key' | 'algorithms'>,
): Promise<Uint8Array | undefined> {
  try {
    return (await compactVerify(token, key, { algorithms: [...algorithms] })).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

export function parsePayload(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

// Standard Webhooks signatures: whether one is good for these bytes, and making secrets. Where secrets are kept: hook-records.ts.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the sender said, unverified. */
export interface SignedHeaders {
  id: string;
  /** Seconds since the epoch, as text: the text is what is signed. */
  timestamp: string;
  /** One or more of `v1,<base64>`, separated by spaces: a sender that rotates signs with both secrets. */
  signatures: string;
}

export type SignatureVerdict = 'good' | 'wrong' | 'stale';

/** Standard Webhooks: how far a timestamp may be off, either way. */
const windowMs = 300_000;
/** Enough for any rotation; what comes after them is not looked at. */
const maxSignatures = 8;
/** What can be an id: it becomes part of keys, log lines and answers. */
const idPattern = /^[\x21-\x7e]{1,256}$/;
const timestampPattern = /^[1-9]\d{0,11}$/;

/**
 * Over the raw bytes, with each of `secrets`. The `standardwebhooks` library is not used here: it verifies one secret, turns the bytes into text and back
 * (which changes bytes that are no UTF-8), and reads the system's clock; the tests hold this against it.
 */
export function verifySignature(
  signed: SignedHeaders & { body: Buffer },
  { secrets, nowMs }: { secrets: readonly string[]; nowMs: number },
): SignatureVerdict {
  const { id, timestamp, signatures, body } = signed;
  if (!idPattern.test(id) || !timestampPattern.test(timestamp)) return 'wrong';
  const given = signatures.split(' ').slice(0, maxSignatures).flatMap(readSignature);
  const matches = secrets
    .map((secret) => createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest())
    .map((expected) => given.some((signature) => timingSafeEqual(signature, expected)));
  if (!matches.includes(true)) return 'wrong';
  return Math.abs(nowMs - Number(timestamp) * 1000) <= windowMs ? 'good' : 'stale';
}

/** 256 bits; the standard asks for 192 to 512. */
export function newHookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

const digestBytes = 32;

function readSignature(text: string): Buffer[] {
  const [version, base64 = ''] = text.split(',');
  const signature = Buffer.from(base64, 'base64');
  return version === 'v1' && signature.length === digestBytes ? [signature] : [];
}

// Standard Webhooks: signs what is sent, verifies what was received. Sending and keeping secrets are the
// caller's.
//
// The `standardwebhooks` package is not used: it verifies with one secret only, decodes the body as UTF-8 and
// encodes it again (which changes bytes that are no UTF-8), and reads the system's clock. The tests compare
// this file with it.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Sent as headers, beside the body. */
export interface WebhookHeaders {
  'webhook-id': string;
  /** Seconds since the epoch. */
  'webhook-timestamp': string;
  /** `v1,<base64>`, one for each secret, separated by spaces. */
  'webhook-signature': string;
}

export interface WebhookToSign {
  /** The same in every attempt: the receiver finds doubles by it. */
  id: string;
  /** ms since the epoch; the header has whole seconds. */
  atMs: number;
  /** As it is sent: these bytes are signed. A string is sent as UTF-8. */
  body: string | Uint8Array;
}

/** The sender's three headers, not verified; empty where one is missing. */
export interface SignedHeaders {
  id: string;
  /** Seconds since the epoch, as text: the text is what is signed. */
  timestamp: string;
  /** One or more of `v1,<base64>`, separated by spaces: a sender that rotates its secret signs with both. */
  signatures: string;
}

/** `stale`: the signature is right, and the timestamp is out of the tolerance. */
export type WebhookVerdict = 'good' | 'wrong' | 'stale';

export interface WebhookVerification {
  /**
   * The secrets in use, with or without `whsec_`. One that matches is enough; without any, everything is
   * wrong.
   */
  secrets: readonly string[];
  nowMs: number;
  /**
   * How far the timestamp may be off, either way. 5 minutes unless said: what the standard's own libraries
   * take.
   */
  toleranceMs?: number;
}

const secretPrefix = 'whsec_';
const digestBytes = 32;
/** Enough for any rotation; further ones are not looked at. */
const maxSignatures = 8;
/** An id becomes part of keys, log lines and answers. */
const idPattern = /^[\x21-\x7e]{1,256}$/;
const timestampPattern = /^[1-9]\d{0,11}$/;

/** Signs with each of `secrets`; throws a TypeError for a secret that holds no bytes. */
export function signWebhook({ id, atMs, body }: WebhookToSign, secrets: readonly string[]): WebhookHeaders {
  const timestamp = String(Math.floor(atMs / 1000));
  const signatures = secrets.map((secret) => {
    const key = webhookKey(secret);
    if (key.length === 0) throw new TypeError('a secret that holds no bytes signs nothing');
    return `v1,${digestOf({ id, timestamp, body }, key).toString('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** Over the raw bytes of the body, in a time that does not depend on which of the secrets is right. */
export function verifyWebhook(
  { id, timestamp, signatures, body }: SignedHeaders & { body: string | Uint8Array },
  { secrets, nowMs, toleranceMs = 300_000 }: WebhookVerification,
): WebhookVerdict {
  if (!idPattern.test(id) || !timestampPattern.test(timestamp)) return 'wrong';
  const given = signatures.split(' ').slice(0, maxSignatures).flatMap(readSignature);
  const matches = secrets
    .map(webhookKey)
    // With a key of no bytes anybody can sign.
    .filter((key) => key.length > 0)
    .map((key) => digestOf({ id, timestamp, body }, key))
    .map((expected) => given.some((signature) => timingSafeEqual(signature, expected)));
  if (!matches.includes(true)) return 'wrong';
  return Math.abs(nowMs - Number(timestamp) * 1000) <= toleranceMs ? 'good' : 'stale';
}

/** The two spellings that senders use; those of the standard first. */
const headerPrefixes = ['webhook', 'svix'];

/**
 * The sender's three headers, of one spelling: `webhook-id` and so on, or `svix-id`, as senders do that are
 * older than the standard. `get` gives '' or undefined for a header that is not there.
 */
export function signedHeaders(get: (name: string) => string | undefined): SignedHeaders {
  const of = (prefix: string): SignedHeaders => ({
    id: get(`${prefix}-id`) ?? '',
    timestamp: get(`${prefix}-timestamp`) ?? '',
    signatures: get(`${prefix}-signature`) ?? '',
  });
  return of(headerPrefixes.find((prefix) => (get(`${prefix}-id`) ?? '') !== '') ?? 'webhook');
}

/** 256 bits; the standard asks for 192 to 512. */
export function newWebhookSecret(): string {
  return `${secretPrefix}${randomBytes(32).toString('base64')}`;
}

/** The bytes that a secret stands for, with or without `whsec_`. */
export function webhookKey(secret: string): Buffer {
  return Buffer.from(secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret, 'base64');
}

function digestOf(signed: { id: string; timestamp: string; body: string | Uint8Array }, key: Buffer): Buffer {
  return createHmac('sha256', key).update(`${signed.id}.${signed.timestamp}.`).update(signed.body).digest();
}

function readSignature(text: string): Buffer[] {
  const [version, base64 = ''] = text.split(',');
  const signature = Buffer.from(base64, 'base64');
  return version === 'v1' && signature.length === digestBytes ? [signature] : [];
}

// Texts that this installation made and recognises again: lists under an HMAC. What they say can be read by
// anybody; hiding it is tenancy/vault.ts.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import type { AppId } from '../ports/app-id.ts';

/**
 * Each purpose has a key of its own, derived from the installation's secret, so that a text made for one is
 * nothing to another. A purpose that is renamed makes every text of it worthless.
 */
export type SealPurpose =
  | 'page cursors'
  | 'openings'
  | 'file links'
  | 'device renewals'
  | 'receipts'
  | 'unsubscribing'
  | 'console csrf'
  | 'console sign-in';

export interface Sealed<S extends z.ZodType> {
  /** As it was sealed; it is yet to be found among the apps that there are. */
  app: string;
  payload: z.output<S>;
}

/**
 * In a sealed text 128 bits are enough: at a guess a second, one of them is found in no lifetime of a key.
 */
const tagBytes = 16;
const never = 0;

export class Sealer {
  readonly #key: Buffer;

  /** `secret` is the installation's, the same on every node. */
  constructor(secret: string, purpose: SealPurpose) {
    this.#key = createHmac('sha256', secret).update(purpose).digest();
  }

  /**
   * A text of base64url that carries `payload`, for one app; without `expiresAtMs` it is good as long as the
   * secret.
   */
  seal(app: AppId, payload: readonly unknown[], { expiresAtMs = never }: { expiresAtMs?: number } = {}): string {
    const body = Buffer.from(JSON.stringify([app, ...payload, expiresAtMs]));
    return Buffer.concat([this.#tagOf(body).subarray(0, tagBytes), body]).toString('base64url');
  }

  /**
   * Undefined for a text that was not made here for this purpose, was changed, has expired, or holds
   * something else than `schema` says.
   */
  open<S extends z.ZodType>(text: string, { schema, nowMs }: { schema: S; nowMs: number }): Sealed<S> | undefined {
    const sealed = Buffer.from(text, 'base64url');
    const body = sealed.subarray(tagBytes);
    // Decoding skips what is not base64url: a text with junk in it is not the one that was made.
    if (sealed.length <= tagBytes || sealed.toString('base64url') !== text) return undefined;
    if (!timingSafeEqual(sealed.subarray(0, tagBytes), this.#tagOf(body).subarray(0, tagBytes))) return undefined;
    // The tag is right, so the list is one that `seal` made.
    const [app, ...rest] = JSON.parse(body.toString()) as [string, ...unknown[]];
    const expiresAtMs = Number(rest.pop());
    if (expiresAtMs !== never && expiresAtMs < nowMs) return undefined;
    const payload = schema.safeParse(rest);
    return payload.success ? { app, payload: payload.data } : undefined;
  }

  /** A signature of 256 bits over a list that travels beside it in the clear. */
  sign(list: readonly unknown[]): string {
    return this.#tagOf(JSON.stringify(list)).toString('base64url');
  }

  /** Whether `sign` made this signature for exactly this list. */
  isGenuine(list: readonly unknown[], signature: string): boolean {
    const given = Buffer.from(signature, 'base64url');
    const right = this.#tagOf(JSON.stringify(list));
    return given.length === right.length && given.toString('base64url') === signature && timingSafeEqual(given, right);
  }

  #tagOf(body: string | Buffer): Buffer {
    return createHmac('sha256', this.#key).update(body).digest();
  }
}

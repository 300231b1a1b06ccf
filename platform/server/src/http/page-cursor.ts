// Cursors of lists: opaque, and good only for the list and app they were made for. What a position is, is the list's business.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import type * as z from 'zod';
import type { AppId } from '../ports/app-id.ts';

/** Names the list: its route and whatever narrows it, such as the user. */
export interface CursorScope {
  app: AppId;
  list: string;
}

export interface PageCursors {
  seal(scope: CursorScope, position: unknown): string;
  /** Throws `bad_cursor` for one that was not made here, was changed, or belongs to another list. */
  open<S extends z.ZodType>(scope: CursorScope, cursor: string, schema: S): z.output<S>;
}

/** 128 bits: a guess a second would take longer than the key is kept. */
const tagBytes = 16;

/** `key` is any secret of the installation, the same on every node; what is made here cannot be used for anything else. */
export function createPageCursors(key: string | Buffer): PageCursors {
  const own = createHmac('sha256', key).update('page cursors').digest();

  return {
    seal(scope, position) {
      const body = Buffer.from(JSON.stringify(position));
      return Buffer.concat([tagOf(scope, body), body]).toString('base64url');
    },
    open(scope, cursor, schema) {
      const sealed = Buffer.from(cursor, 'base64url');
      const body = sealed.subarray(tagBytes);
      // Decoding skips what is no base64: a cursor with junk in it is not the one that was made.
      if (sealed.length <= tagBytes || sealed.toString('base64url') !== cursor) throw refused();
      if (!timingSafeEqual(sealed.subarray(0, tagBytes), tagOf(scope, body))) throw refused();
      const parsed = schema.safeParse(JSON.parse(body.toString()));
      if (!parsed.success) throw refused();
      return parsed.data;
    },
  };

  function tagOf({ app, list }: CursorScope, body: Buffer): Buffer {
    const named = JSON.stringify([app, list]);
    return createHmac('sha256', own).update(named).update('\n').update(body).digest().subarray(0, tagBytes);
  }
}

function refused(): BelfryError {
  return new BelfryError('bad_cursor', { path: ['cursor'] });
}

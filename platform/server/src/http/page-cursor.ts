// Cursors of lists: opaque, and good only for the list and app they were made for. What a position is, is the
// list's business.

import { BelfryError } from '@belfry/protocol';
import * as z from 'zod';
import type { AppId } from '../ports/app-id.ts';
import { Sealer } from '../sealing/seal.ts';

/** Names the list: its route and whatever narrows it, such as the user. */
export interface CursorScope {
  app: AppId;
  list: string;
}

export class PageCursors {
  readonly #sealer: Sealer;

  /** `secret` is the installation's, the same on every node. */
  constructor(secret: string) {
    this.#sealer = new Sealer(secret, 'page cursors');
  }

  seal({ app, list }: CursorScope, position: unknown): string {
    return this.#sealer.seal(app, [list, position]);
  }

  /** Throws `bad_cursor` for one that was not made here, was changed, or belongs to another list. */
  open<S extends z.ZodType>({ app, list }: CursorScope, cursor: string, schema: S): z.output<S> {
    const opened = this.#sealer.open(cursor, { schema: z.tuple([z.literal(list), z.unknown()]), nowMs: 0 });
    const position = opened?.app === app ? schema.safeParse(opened.payload[1]) : undefined;
    if (position?.success !== true) {
      const message = '`cursor` is none of this list, or was changed. Begin the list anew without it.';
      throw new BelfryError('bad_cursor', { message, path: ['cursor'] });
    }
    return position.data;
  }
}

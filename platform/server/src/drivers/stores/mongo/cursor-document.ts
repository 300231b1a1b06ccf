// A cursor as a document. Not how it moves: cursors.ts and claims.ts.

import type { Cursor } from '../../../ports/stores/index.ts';
import { declareCollection } from './declaration.ts';

/** A claim that was won, with the cursor as it was when it was: no write of this database gives that back. */
export interface ClaimTag {
  id: string;
  /** The call that won it. */
  call: string;
  from: number;
  through: number;
  delivered: number;
  seen: number;
  seenMobile: number;
  read: number;
}

export interface CursorDocument {
  app: string;
  stream: string;
  user: string;
  delivered?: number;
  seen?: number;
  seenMobile?: number;
  read?: number;
  pushed?: number;
  /** Of the newest claim. */
  claimId?: string;
  /** The newest first. The ones before it are for calls that have not read theirs back yet. */
  claims?: readonly ClaimTag[];
}

export const cursorCollection = declareCollection<CursorDocument>(
  'cursors',
  {
    app: String,
    stream: String,
    user: String,
    delivered: Number,
    seen: Number,
    seenMobile: Number,
    read: Number,
    pushed: Number,
    claimId: String,
    claims: [{}],
  },
  [{ key: { app: 1, stream: 1, user: 1 }, unique: true }, { key: { app: 1, user: 1 } }],
);

export function toCursor({ stream, user, claims = [], ...fields }: CursorDocument): Cursor {
  const { delivered = 0, seen = 0, seenMobile = 0, read = 0, pushed = 0 } = fields;
  const cursor: Cursor = { userId: user, stream, delivered, seen, seenMobile, read, pushed };
  const [claim] = claims;
  if (claim !== undefined) cursor.claim = { id: claim.id, from: claim.from };
  return cursor;
}

/** Of a cursor that never was. */
export function zeroCursor(stream: string, userId: string): Cursor {
  return { userId, stream, delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };
}

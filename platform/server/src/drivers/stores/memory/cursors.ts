// Cursors in memory. Not the decision of a claim: decide-claim.ts.

import { inboxStream } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { Cursor, CursorStore } from '../../../ports/stores/index.ts';
import { decideClaim } from '../decide-claim.ts';
import type { Synchronous } from '../synchronous.ts';

import { beginsWith, keyOf } from './key.ts';

export interface MemoryCursors {
  cursors: Synchronous<CursorStore>;
  drop(app: AppId, stream: string): void;
}

export function memoryCursors(): MemoryCursors {
  /** By app and stream, then by user. */
  const streams = new Map<string, Map<string, Cursor>>();

  const of = (app: string, stream: string): Map<string, Cursor> => {
    const found = streams.get(keyOf(app, stream)) ?? new Map<string, Cursor>();
    streams.set(keyOf(app, stream), found);
    return found;
  };
  const find = (app: string, stream: string, userId: string): Cursor =>
    of(app, stream).get(userId) ?? { userId, stream, delivered: 0, seen: 0, seenMobile: 0, read: 0, pushed: 0 };

  const cursors: Synchronous<CursorStore> = {
    get: (app, stream, userIds) => new Map(userIds.map((userId) => [userId, find(app, stream, userId)])),
    ofUser: (app, userId, names) => new Map(names.map((stream) => [stream, find(app, stream, userId)])),
    advance(app, changes) {
      for (const { userId, stream, delivered = 0, seen = 0, seenMobile = 0, read = 0 } of changes) {
        const before = find(app, stream, userId);
        const after: Cursor = {
          ...before,
          delivered: Math.max(before.delivered, delivered),
          seen: Math.max(before.seen, seen),
          seenMobile: Math.max(before.seenMobile, seenMobile),
          read: Math.max(before.read, read),
        };
        of(app, stream).set(userId, after);
      }
    },
    claim(app, request) {
      const { stream, through, claimId } = request;
      return [...new Set(request.userIds)].map((userId) => {
        const before = find(app, stream, userId);
        const result = decideClaim(before, request);
        if (result !== 'won' || before.claim?.id === claimId) return { userId, result, cursor: before };
        const cursor = { ...before, pushed: through, claim: { id: claimId, from: before.pushed } };
        of(app, stream).set(userId, cursor);
        return { userId, result, cursor };
      });
    },
    start(app, stream, { userIds, seq }) {
      for (const userId of userIds) {
        if (of(app, stream).has(userId)) continue;
        of(app, stream).set(userId, {
          userId,
          stream,
          delivered: seq,
          seen: seq,
          seenMobile: seq,
          read: seq,
          pushed: seq,
        });
      }
    },
    erase(app, { userId }) {
      let erased = 0;
      for (const [key, ofStream] of streams) {
        if (key === keyOf(app, inboxStream(userId))) {
          erased += ofStream.size;
          ofStream.clear();
        } else if (beginsWith(key, app) && ofStream.delete(userId)) erased += 1;
      }
      return { erased };
    },
  };
  return { cursors, drop: (app, stream) => void streams.delete(keyOf(app, stream)) };
}

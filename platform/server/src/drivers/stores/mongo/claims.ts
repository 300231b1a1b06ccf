// Push claims: one conditional write over many cursors tags those that qualify, and reading the tags back names
// the winners. Not what holds a push back: decide-claim.ts says why one did not win.

import { BelfryError } from '@belfry/protocol';
import { randomUUID } from 'node:crypto';
import type { AppId } from '../../../ports/app-id.ts';
import type { ClaimOutcome, ClaimRequest } from '../../../ports/stores/index.ts';
import { decideClaim } from '../decide-claim.ts';
import { trusted, type Collection } from './collection.ts';
import { toCursor, zeroCursor, type CursorDocument } from './cursor-document.ts';
import { inBatches, maxPerBatch } from './in-batches.ts';

/** Claims on one cursor between the write of a call and its reading back; more are not to be thought of. */
const keptTags = 8;

/** One outcome a user, in the order given. */
export async function claimCursors(
  cursors: Collection<CursorDocument>,
  app: AppId,
  request: ClaimRequest,
): Promise<ClaimOutcome[]> {
  const userIds = [...new Set(request.userIds)];
  const outcomes: ClaimOutcome[] = [];
  for (let start = 0; start < userIds.length; start += maxPerBatch) {
    const part = userIds.slice(start, start + maxPerBatch);
    outcomes.push(...(await claimPart(cursors, app, { ...request, userIds: part })));
  }
  return outcomes;
}

async function claimPart(
  cursors: Collection<CursorDocument>,
  app: AppId,
  request: ClaimRequest,
): Promise<ClaimOutcome[]> {
  const call = randomUUID();
  const { stream, userIds } = request;
  await inBatches(
    cursors,
    userIds.map((user) => claimOf(app, user, { request, call })),
  );
  const found = await cursors.find({ app, stream, user: trusted({ $in: [...userIds] }) });
  const documents = new Map(found.map((document) => [document.user, document]));
  return userIds.map((userId) => outcomeOf(documents.get(userId), userId, { request, call }));
}

interface Call {
  request: ClaimRequest;
  call: string;
}

/**
 * The condition is in the change and not in the filter: a cursor that never was can then be made by the same write,
 * and the filter is one that every server answers from the unique index.
 */
function claimOf(app: AppId, user: string, { request, call }: Call) {
  const { stream, seq, through, claimId, heldBackBy } = request;
  const field = (name: string): object => ({ $ifNull: [`$${name}`, 0] });
  const isBelow = (name: string): object => ({ $lt: [field(name), seq] });
  const qualifies = {
    $and: [
      isBelow('pushed'),
      { $ne: ['$claimId', { $literal: claimId }] },
      ...(heldBackBy === 'none' ? [] : [isBelow('read'), isBelow(heldBackBy)]),
    ],
  };
  const tag = {
    id: { $literal: claimId },
    call: { $literal: call },
    from: field('pushed'),
    through: { $literal: through },
    ...{ delivered: field('delivered'), seen: field('seen') },
    ...{ seenMobile: field('seenMobile'), read: field('read') },
  };
  const before = { $ifNull: ['$claims', []] };
  const after = { $slice: [{ $concatArrays: [[tag], before] }, keptTags] };
  return {
    updateOne: {
      filter: { app, stream, user },
      update: [
        {
          $set: {
            claims: { $cond: [qualifies, after, before] },
            claimId: { $cond: [qualifies, { $literal: claimId }, { $ifNull: ['$claimId', ''] }] },
            pushed: { $cond: [qualifies, { $literal: through }, field('pushed')] },
          },
        },
      ],
      upsert: true,
    },
  };
}

function outcomeOf(document: CursorDocument | undefined, userId: string, { request, call }: Call): ClaimOutcome {
  const tag = document?.claims?.find((each) => each.call === call);
  if (tag !== undefined) {
    const { id, from, through, delivered, seen, seenMobile, read } = tag;
    const { stream } = request;
    const cursor = { userId, stream, delivered, seen, seenMobile, read, pushed: through, claim: { id, from } };
    return { userId, result: 'won', cursor };
  }
  const cursor = document === undefined ? zeroCursor(request.stream, userId) : toCursor(document);
  const result = decideClaim(cursor, request);
  // It was not tagged although nothing holds it back: the document was deleted meanwhile.
  if (result === 'won' && cursor.claim?.id !== request.claimId) throw new BelfryError('unavailable');
  return { userId, result, cursor };
}

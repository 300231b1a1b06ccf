// Push claims: one conditional write over many cursors tags those that qualify, and reading the tags back names
// the winners. Not what holds a push back: decide-claim.ts says why one did not win.

import { BelfryError } from '@belfry/protocol';
import { randomUUID } from 'node:crypto';
import { partsOf } from '../../../concurrency/parts-of.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { ClaimOutcome, ClaimRequest } from '../../../ports/stores/index.ts';
import { decideClaim } from '../decide-claim.ts';
import { trusted, type Collection } from './collection.ts';
import { toCursor, zeroCursor, type CursorDocument } from './cursor-document.ts';
import { inBatches, maxPerBatch } from './in-batches.ts';

/** Claims on one cursor between the write of a call and its reading back; more are not to be thought of. */
const keptTags = 8;
/** Another claim has to come between the write of a try and its reading back, for each. */
const tries = 5;

/** One outcome a user, in the order given. */
export async function claimCursors(
  cursors: Collection<CursorDocument>,
  app: AppId,
  request: ClaimRequest,
): Promise<ClaimOutcome[]> {
  const userIds = [...new Set(request.userIds)];
  const outcomes: ClaimOutcome[] = [];
  for (const part of partsOf(userIds, maxPerBatch))
    outcomes.push(...(await claimPart(cursors, app, { ...request, userIds: part })));
  return outcomes;
}

async function claimPart(
  cursors: Collection<CursorDocument>,
  app: AppId,
  request: ClaimRequest,
): Promise<ClaimOutcome[]> {
  const { userIds } = request;
  const decided = new Map<string, ClaimOutcome>();
  for (let tried = 0; tried < tries && decided.size < userIds.length; tried += 1) {
    const left = userIds.filter((userId) => !decided.has(userId));
    for (const outcome of await claimOnce(cursors, app, { ...request, userIds: left }))
      decided.set(outcome.userId, outcome);
  }
  return userIds.map((userId) => {
    const outcome = decided.get(userId);
    if (outcome === undefined) throw new BelfryError('unavailable', { cause: new Error('no claim was decided') });
    return outcome;
  });
}

/** Leaves out a user whose cursor was changed so after the write that what refused it is no longer to be seen. */
async function claimOnce(
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
  return userIds.flatMap((userId) => outcomeOf(documents.get(userId), userId, { request, call }) ?? []);
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

function outcomeOf(
  document: CursorDocument | undefined,
  userId: string,
  { request, call }: Call,
): ClaimOutcome | undefined {
  const tag = document?.claims?.find((each) => each.call === call);
  if (tag !== undefined) {
    const { id, from, through, delivered, seen, seenMobile, read } = tag;
    const { stream } = request;
    const cursor = { userId, stream, delivered, seen, seenMobile, read, pushed: through, claim: { id, from } };
    return { userId, result: 'won', cursor };
  }
  const cursor = document === undefined ? zeroCursor(request.stream, userId) : toCursor(document);
  const result = decideClaim(cursor, request);
  // It was not tagged although nothing holds it back: a claim of the same id was there and is covered by another one
  // now, or the document was deleted.
  if (result === 'won' && cursor.claim?.id !== request.claimId) return undefined;
  return { userId, result, cursor };
}

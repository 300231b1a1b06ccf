// Keeps the uploads that a message refers to, for those whom the message is for. Judging them is judge-uploads.ts, deleting what nobody keeps is the uploads capability's.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { UploadReaders, UploadReferences } from '../uploads/references.ts';
import type { ResolvedAudience } from './audience.ts';
import type { ValidBroadcast } from './validate.ts';

/**
 * Notes what a broadcast refers to before `store` appends it: the other way round, a kill in between would leave a message whose picture is deleted as
 * unused. Let go of again where it is certain that nothing was stored under this id.
 */
export async function keepingUploads<T extends { id: string }>(
  app: AppId,
  broadcast: { prepared: ValidBroadcast; audience: ResolvedAudience; uploads: Pick<UploadReferences, 'use'> },
  store: () => Promise<T>,
): Promise<T> {
  const { prepared, audience, uploads } = broadcast;
  const { id, uploadIds } = prepared;
  if (uploadIds.length === 0) return await store();
  const readers = readersOf(prepared, audience);
  await uploads.use(app, id, { uploadIds, readers });
  const letGo = (): Promise<void> => uploads.use(app, id, { uploadIds: [], readers });
  try {
    const stored = await store();
    if (stored.id !== id) await letGo();
    return stored;
  } catch (error) {
    if (isBelfryError(error) && error.code === 'idempotency_conflict') await letGo();
    throw error;
  }
}

function readersOf(prepared: ValidBroadcast, { recipients = [] }: ResolvedAudience): UploadReaders {
  const { audience, targetUserIds, exclude, senderId } = prepared;
  if (!('conversation' in audience)) {
    throw new BelfryError('invalid_content', { path: ['content'], message: 'Only a conversation can get uploads.' });
  }
  const { conversation: conversationId } = audience;
  if (targetUserIds === undefined && exclude === undefined) return { conversationId };
  return { conversationId, only: withSender(recipients, senderId) };
}

/** Of a message that is in the log. */
export function readersOfStored(
  message: Pick<StoredMessage, 'targets' | 'exclude' | 'senderId'> & { conversationId: string },
  members: readonly string[],
): UploadReaders {
  const { conversationId, targets, exclude, senderId } = message;
  if (targets === undefined && exclude === undefined) return { conversationId };
  const only = (targets ?? members).filter((userId) => exclude?.includes(userId) !== true);
  return { conversationId, only: withSender(only, senderId) };
}

function withSender(userIds: readonly string[], senderId: string | undefined): readonly string[] {
  return [...new Set([...userIds, ...(senderId === undefined ? [] : [senderId])])];
}

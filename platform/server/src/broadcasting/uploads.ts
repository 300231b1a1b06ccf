// Keeps the uploads that a message refers to, for those whom the message is for. Judging them is judge-uploads.ts, deleting what nobody keeps is the uploads capability's.

import { BelfryError, isBelfryError } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { UploadReaders, UploadReferences } from '../uploads/references.ts';
import { readersOf } from '../delivery/addressing.ts';
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
  const readers = readersOfBroadcast(prepared, audience);
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

function readersOfBroadcast(prepared: ValidBroadcast, { members }: ResolvedAudience): UploadReaders {
  const { audience, targetUserIds, exclude, senderId } = prepared;
  if (!('conversation' in audience)) {
    throw new BelfryError('invalid_content', { path: ['content'], message: 'Only a conversation can get uploads.' });
  }
  const only = readersOf(members, { senderId, targets: targetUserIds, exclude });
  return { conversationId: audience.conversation, only };
}

/** Of a message that is in the log. */
export function readersOfStored(
  message: Pick<StoredMessage, 'targets' | 'exclude' | 'senderId'> & { conversationId: string },
  members: readonly string[],
): UploadReaders {
  return { conversationId: message.conversationId, only: readersOf(members, message) };
}

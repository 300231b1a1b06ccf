// The uploads that the content of a broadcast refers to: each is checked before anything is stored, and kept
// from then on for those whom the message is for. Deleting what nobody keeps is the uploads capability's.

import { uploadReferencesSchema, type MessageType } from '@belfry/plugin-kit';
import { BelfryError, isBelfryError } from '@belfry/protocol';
import { readersOf } from '../delivery/addressing.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Addressing } from '../ports/stores/addressing.ts';
import type { UploadReaders, UploadReferences } from '../uploads/references.ts';

/** The ids of the uploads, each checked. Throws `invalid_content` with the path. No effect. */
export async function checkUploads(
  app: AppId,
  message: { plugin: MessageType; content: Record<string, unknown>; senderId: string | undefined },
  uploads: Pick<UploadReferences, 'check'>,
): Promise<readonly string[]> {
  const { plugin, content, senderId } = message;
  if (plugin.uploads === undefined) return [];
  // A plugin's answer is parsed like everything foreign.
  const references = uploadReferencesSchema.parse(plugin.uploads(content));
  await uploads.check(app, senderId, references);
  return [...new Set(references.map(({ uploadId }) => uploadId))];
}

/** A broadcast that refers to uploads, as far as it matters to who may read them. */
interface Referring {
  id: string;
  uploadIds: readonly string[];
  /** Undefined when it goes to no conversation. */
  conversationId: string | undefined;
  members: readonly string[];
  addressing: Addressing;
}

/**
 * Records what a broadcast refers to before `store` appends it: the other way round, a kill in between would
 * leave a message whose picture is deleted as unused. Let go of again where it is certain that nothing was
 * stored under this id.
 */
export async function keepingUploads<T extends { id: string }>(
  app: AppId,
  { broadcast, uploads }: { broadcast: Referring; uploads: Pick<UploadReferences, 'use'> },
  store: () => Promise<T>,
): Promise<T> {
  const { id, uploadIds } = broadcast;
  if (uploadIds.length === 0) return await store();
  const readers = readersOfBroadcast(broadcast);
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

function readersOfBroadcast({ conversationId, members, addressing }: Referring): UploadReaders {
  if (conversationId === undefined) {
    throw new BelfryError('invalid_content', { path: ['content'], message: 'Only a conversation can get uploads.' });
  }
  return { conversationId, only: readersOf(members, addressing) };
}

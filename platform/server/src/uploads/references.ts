// Uploads that messages refer to: may the sender, are they what the message says, who may read them from then
// on. What a message type refers to, the type says.

import type { UploadReference } from '@belfry/plugin-kit';
import { BelfryError, conversationStream, inboxStream } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { UploadRecord, UploadStore } from '../ports/stores/index.ts';
import { isOneOf } from './rules.ts';

/** The readers of a message, in one conversation. */
export interface UploadReaders {
  conversationId: string;
  /** Only these; absent: everybody in it, now and later. */
  only?: readonly string[] | undefined;
}

export interface UploadReferences {
  /**
   * Throws `invalid_content` with the path of the first upload that is not there or is not the sender's (the
   * two look alike), or is not what the message says. No effect.
   */
  check(app: AppId, senderId: string | undefined, references: readonly UploadReference[]): Promise<void>;
  /**
   * From here on the message keeps these uploads, and its readers may read them; none lets go of all. Throws
   * `invalid_content` when one went meanwhile.
   */
  use(app: AppId, messageId: string, used: { uploadIds: readonly string[]; readers: UploadReaders }): Promise<void>;
}

export function createUploadReferences(deps: { store: UploadStore; clock: Pick<Clock, 'now'> }): UploadReferences {
  const { store, clock } = deps;

  return {
    async check(app, senderId, references) {
      for (const reference of references) {
        const upload = await store.get(app, reference.uploadId);
        // Without a sender it is the app's own back end that speaks.
        if (upload === undefined || (senderId !== undefined && upload.userId !== senderId))
          throw noSuchUpload(reference);
        refuseUnlike(upload, reference);
      }
    },
    async use(app, messageId, { uploadIds, readers }) {
      const { conversationId, only } = readers;
      const streams = only === undefined ? [conversationStream(conversationId)] : only.map(inboxStream);
      if (!(await store.setUses(app, messageId, { uploadIds, streams, at: clock.now() }))) {
        throw new BelfryError('invalid_content', { path: ['content'], message: 'An upload is not there any more.' });
      }
    },
  };
}

function refuseUnlike(upload: UploadRecord, { types, path, says = {} }: UploadReference): void {
  if (!isOneOf(upload.type, types)) {
    throw refusal(path, `The upload is ${upload.type}; this message takes ${types.join(', ')}.`);
  }
  for (const fact of ['name', 'type', 'bytes'] as const) {
    if (says[fact] !== undefined && says[fact] !== upload[fact]) {
      throw refusal([...path.slice(0, -1), fact], `The upload has another ${fact}.`);
    }
  }
}

function noSuchUpload({ path }: UploadReference): BelfryError {
  return refusal(path, 'There is no such upload of this sender.');
}

function refusal(path: readonly (string | number)[], message: string): BelfryError {
  return new BelfryError('invalid_content', { path: ['content', ...path], message });
}

// One upload on its way in: bounded, checked, stored, entered; or refused with nothing left of it. Who may
// upload, and what is done with it later, is uploads.ts.

import { createHash } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { UploadRecord, UploadStore } from '../ports/stores/index.ts';
import { createContentCheck } from './content-check.ts';
import { cleanFileName } from './file-name.ts';
import type { UploadRules } from './rules.ts';

/** A file as a client sends it. */
export interface IncomingFile {
  /**
   * Its owner. Asked when the content has ended, since the rest of what was sent with it may say so; throws
   * when that is not in order.
   */
  owner: () => Promise<string>;
  name: string | undefined;
  /** The type that the client declares. */
  type: string | undefined;
  /** Throws when the client breaks off. */
  content: AsyncIterable<Uint8Array>;
}

export interface Receiving {
  store: UploadStore;
  blobs: Blobs;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/**
 * Throws `unsupported_media_type`, `too_large`, `quota_exceeded`, `too_many`, `unavailable`, or what the content and its
 * owner throw. Its row is there before its blob, so that a process which is killed leaves nothing that nobody
 * knows of.
 */
export async function receive(
  { store, blobs, clock, log }: Receiving,
  app: AppId,
  { file, rules }: { file: IncomingFile; rules: UploadRules },
): Promise<UploadRecord> {
  const name = cleanFileName(file.name);
  const check = createContentCheck({ name, declared: file.type }, rules.types);
  const left = rules.quotaBytes - (await store.usage(app)).bytes;
  if (left <= 0) throw quotaExceeded();
  const upload = { id: uuidv7(), createdAt: clock.now() };
  await store.begin(app, upload);
  try {
    const hash = createHash('sha256');
    const content = bounded(file.content, { maxBytes: rules.maxBytes, leftBytes: left });
    const { bytes } = await blobs.put(app, upload.id, hashed(check.watch(content), hash));
    const arrived = { userId: await file.owner(), name, type: check.type(), bytes, digest: hash.digest('hex') };
    const end = await store.complete(app, upload.id, {
      ...arrived,
      quotaBytes: rules.quotaBytes,
      unusedPerUser: rules.unusedPerUser,
    });
    if (end === 'quota') throw quotaExceeded();
    if (end === 'unused') throw tooManyUnused(rules.unusedPerUser);
    if (end === 'gone') throw new BelfryError('request_timeout', { message: 'The upload took too long to arrive.' });
    return { ...upload, ...arrived, unusedSince: upload.createdAt };
  } catch (error) {
    await leaveNothing(upload.id);
    throw error;
  }

  async function leaveNothing(id: string): Promise<void> {
    try {
      await blobs.remove(app, id);
      await store.forget(app, [id]);
    } catch (error) {
      log.warn('an upload that failed is left for the next round of tidying', { app, uploadId: id, err: error });
    }
  }
}

async function* bounded(
  content: AsyncIterable<Uint8Array>,
  { maxBytes, leftBytes }: { maxBytes: number; leftBytes: number },
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new BelfryError('too_large', { message: `A file may have ${maxBytes} bytes here.`, path: ['file'] });
    }
    if (bytes > leftBytes) throw quotaExceeded();
    yield chunk;
  }
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

function tooManyUnused(most: number): BelfryError {
  const message = `${most} uploads of this user are not used by any message; send or delete some of them first.`;
  return new BelfryError('too_many', { message, path: ['file'] });
}

function quotaExceeded(): BelfryError {
  return new BelfryError('quota_exceeded', { path: ['file'] });
}

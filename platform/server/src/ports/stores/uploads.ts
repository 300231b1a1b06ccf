// The records of uploads: owners, types, and the messages that use them. Their content is in
// blobs.ts.

import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';

/** An upload that has arrived whole. */
export interface UploadRecord {
  /** UUIDv7; the id of its blob too. */
  id: string;
  userId: string;
  /** As cleaned when it arrived: fit to be shown, not to be a path. */
  name: string;
  /** The type that its content was found to have, e.g. `image/png`. */
  type: string;
  bytes: number;
  /** SHA-256 (hex) of the content. */
  digest: string;
  /** ms since the epoch. */
  createdAt: number;
  /** Since when no message uses it, ms since the epoch; absent while one does. */
  unusedSince?: number;
}

export type ArrivedUpload = Pick<UploadRecord, 'userId' | 'name' | 'type' | 'bytes' | 'digest'>;

/** What may be kept. */
export interface UploadBounds {
  quotaBytes: number;
  unusedPerUser: number;
}

/** The uploads that one message refers to, and the streams whose readers may read them. */
export interface UploadUses {
  uploadIds: readonly string[];
  streams: readonly string[];
  /** ms since the epoch. */
  at: number;
}

/**
 * Guarantees: durable as messages. An upload is arriving (`begin`), there (`complete`) or going (`claim`,
 * `claimIdle`); only what is there is read or used. Nothing that a message uses is claimed by `claimIdle`:
 * the two exclude each other, whichever comes first. Every blob has a row until `forget`, so that a process
 * which was killed leaves nothing that the next round does not find.
 *
 * Some things have to hold together, and are chosen so that a store without transactions can keep them: the
 * state of an upload and whether a message uses it are one document (the uses as a list in it, or a counter
 * beside its state), changed by one conditional write; `usage` is a counter that may be behind by what a kill
 * cut off, never ahead for long; `setUses` over several uploads may be seen upload by upload, and takes back
 * what it did when one of them is not there.
 */
export interface UploadStore {
  begin(app: AppId, upload: { id: string; createdAt: number }): Promise<void>;
  /**
   * `quota`: the app would keep more than `quotaBytes`; `unused`: the user has as many uploads that no message
   * uses; and nothing changed. `gone`: it was claimed meanwhile.
   */
  complete(
    app: AppId,
    id: string,
    arrived: ArrivedUpload & UploadBounds,
  ): Promise<'stored' | 'quota' | 'unused' | 'gone'>;
  get(app: AppId, id: string): Promise<UploadRecord | undefined>;
  /** The total that the app keeps, arriving uploads aside. */
  usage(app: AppId): Promise<{ count: number; bytes: number }>;
  /**
   * Streams of messages that use it: all of conversations, and the inbox of this user where it is one of
   * them.
   */
  streams(app: AppId, id: string, userId: string): Promise<readonly string[]>;
  /**
   * From here on the message uses exactly these; none takes all of its uses away. False, and nothing changed,
   * when one of them is not there.
   */
  setUses(app: AppId, messageId: string, uses: UploadUses): Promise<boolean>;
  /**
   * Forgets uses recorded before `beforeMs`; the number forgotten, at most `limit`. Uploads that lose their
   * last use are unused since `nowMs`.
   */
  dropUses(app: AppId, uses: { beforeMs: number; nowMs: number; limit: number }): Promise<number>;
  /**
   * Takes one out of use, to be deleted. `used`: a message uses it and `evenIfUsed` was not said. `missing`:
   * it is not there.
   */
  claim(app: AppId, id: string, options: { evenIfUsed: boolean }): Promise<'claimed' | 'used' | 'missing'>;
  /**
   * Takes out of use those that began to arrive, or were last used, before these moments, with those claimed
   * earlier and not yet forgotten; oldest first.
   */
  claimIdle(
    app: AppId,
    idle: { arrivingBeforeMs: number; unusedBeforeMs: number; limit: number },
  ): Promise<readonly string[]>;
  /** Deletes the rows of uploads whose blobs are gone. */
  forget(app: AppId, ids: readonly string[]): Promise<void>;
  /**
   * Takes the user's uploads out of use, to be deleted, with those claimed earlier and not yet forgotten; with `keepUsed` those that a message uses stay, as
   * `as`'s. Uses by messages to the user alone are `as`'s too.
   */
  erase(app: AppId, request: EraseRequest & { keepUsed: boolean }): Promise<Erased & { claimed: readonly string[] }>;
}

// Where the content of uploads is kept. Not what is known about them: stores/uploads.ts.

import type { Readable } from 'node:stream';
import type { AppId } from './app-id.ts';

/** Bytes of a blob, both ends included, counted from 0. */
export interface ByteRange {
  from: number;
  to: number;
}

/** How a blob is answered under its link. */
export interface BlobLink {
  /** As they stand in the headers. */
  contentType: string;
  contentDisposition: string;
  /** At least a second, at most seven days. */
  expiresMs: number;
}

/**
 * Guarantees: a blob is there whole or not at all, also after a kill in the middle of a `put`; a blob is on
 * disk when its `put` resolves; blobs of one app are not reached through another. Ids are UUIDs that Belfry
 * made. Rejects with `unavailable` when the engine fails or is full.
 */
export interface Blobs {
  /**
   * Keeps the bytes of `content`, to its end. When `content` throws, nothing is kept and `put` rejects with
   * what was thrown. An id that is there is replaced.
   */
  put(app: AppId, id: string, content: AsyncIterable<Uint8Array>): Promise<{ bytes: number }>;
  /**
   * A stream that its reader must end or destroy; undefined when there is no such blob. A range must lie
   * within the blob.
   */
  open(app: AppId, id: string, range?: ByteRange): Promise<Readable | undefined>;
  /** False when it was not there. */
  remove(app: AppId, id: string): Promise<boolean>;
  /**
   * An address at which anybody may read the blob until it expires, whole or in part, without the server.
   * Made also where there is no such blob. Drivers whose blobs have no address of their own lack it.
   */
  link?(app: AppId, id: string, link: BlobLink): Promise<string>;
}

/** The part of it that belongs to the installation. */
export interface BlobDriver extends Blobs {
  close(): Promise<void>;
}

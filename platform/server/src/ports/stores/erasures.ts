// The records of persons who were erased, or are being erased. A finished one does not name the person: it
// has a digest of the id, by which the app that knows it finds the record.

import type { ErasedMessages } from '@belfry/protocol';
import type { AppId } from '../app-id.ts';

export interface ErasureRecord {
  /** A digest of the user's id. */
  key: string;
  /** UUIDv7 of this erasure; a person who comes back may be erased again. */
  id: string;
  messages: ErasedMessages;
  state: 'running' | 'erased' | 'finished';
  /** ms since the epoch. */
  startedAt: number;
  erasedAt?: number;
  finishedAt?: number;
  /** What was taken away or changed, by what it was. */
  counts: Readonly<Record<string, number>>;
  returned?: true;
  /** Takes the place of the id; not kept when it is finished. */
  as?: string;
  /** Whom it is about, for a queue that has lost the job; not kept when it is finished. */
  userId?: string;
  /** How far a run that did not end has got. */
  place?: { step: string; after?: string };
}

/** Guarantees: durable as messages; of several `begin` for one key at once exactly one is stored. */
export interface ErasureStore {
  /** Stores it where none is running for the key; returns what is there then. */
  begin(app: AppId, record: ErasureRecord): Promise<ErasureRecord>;
  get(app: AppId, key: string): Promise<ErasureRecord | undefined>;
  /** Replaces the record of the same id. False when there is another, or none. */
  put(app: AppId, record: ErasureRecord): Promise<boolean>;
  /** Those that are not finished, by key; `after` is exclusive. */
  unfinished(app: AppId, page: { after?: string | undefined; limit: number }): Promise<readonly ErasureRecord[]>;
  /** Deletes those that were finished before `beforeMs`; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
}

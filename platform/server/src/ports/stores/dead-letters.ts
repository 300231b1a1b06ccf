// Jobs that were given up, kept for people to look at, to try again or to forget. Not the queue: no broker
// can list its dead jobs by app.

import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';
import type { Page, PageRequest } from './page.ts';

export interface DeadLetterRecord {
  /** Chosen by whoever gave up; unique in the app. */
  id: string;
  /** Plain JSON: what a job has to carry so that it can be done again. */
  payload: unknown;
  /** Why, for people; without secrets. */
  error: string;
  /** The group it is found in, e.g. the provider that did not take it. */
  label?: string;
  /** ms since the epoch. */
  diedAt: number;
}

/**
 * Guarantees: durable as messages. Each letter is one document, and no method has to change two of them
 * together.
 */
export interface DeadLetterStore {
  /** An id that is there is passed over: whoever was killed in the middle puts the same again. */
  put(app: AppId, letters: readonly DeadLetterRecord[]): Promise<void>;
  get(app: AppId, id: string): Promise<DeadLetterRecord | undefined>;
  /** The latest first, and by id, downwards, where several died in one ms. */
  list(app: AppId, page: PageRequest & { label?: string | undefined }): Promise<Page<DeadLetterRecord>>;
  /**
   * False when it was not there: of several that remove one letter at once exactly one gets true.
   */
  remove(app: AppId, id: string): Promise<boolean>;
  count(app: AppId): Promise<number>;
  /** Deletes those that died before `beforeMs`; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /** Deletes the oldest above `keep`; the number deleted, at most `limit`. */
  trim(app: AppId, keep: number, limit: number): Promise<number>;
  /**
   * Takes the user out of the lists of payloads, where an object has their `userId`. A letter of whose lists
   * nothing is left, or whose `stream` is their inbox, is deleted.
   */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}

/** Over all apps, for the metrics. */
export interface DeadLetterTotal {
  count(): Promise<number>;
}

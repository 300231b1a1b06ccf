// Answers kept under a key that the caller chose, so that a repeated request is answered, not done again.

import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';

export interface IdempotencyRequest {
  /** Scoped by the caller, e.g. `http:<key id>:<route>:<key>` or `broadcast:<key>`. */
  key: string;
  bodyHash: string;
  /** Remembered with the first request and handed back to a redo, e.g. the id the broadcast got. */
  token: string;
  nowMs: number;
  /**
   * Another process that began and did not finish within this many ms is taken for dead, and the request may
   * be done again under its token.
   */
  leaseMs: number;
  /** The answer is forgotten this many ms after the first request. */
  keepMs: number;
}

export type IdempotencyState =
  /** Do it, under this token. */
  | { state: 'mine'; token: string }
  | { state: 'in_progress' }
  | { state: 'done'; answer: unknown }
  | { state: 'other_body' };

/** Guarantees: of several `begin` with one key at once exactly one gets `mine`; durable as messages. */
export interface IdempotencyStore {
  begin(app: AppId, request: IdempotencyRequest): Promise<IdempotencyState>;
  finish(app: AppId, key: string, answer: unknown): Promise<void>;
  /** It failed without effect: the next may try. */
  abandon(app: AppId, key: string): Promise<void>;
  prune(app: AppId, nowMs: number): Promise<number>;
  /**
   * Forgets the user's own requests, those about them by their path (`/users/{id}`), and those whose answer
   * names them: one that is repeated later is done again.
   */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}

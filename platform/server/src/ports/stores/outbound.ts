// Webhooks that leave: which an app has, how each fares, and the events that are kept to be sent. Not when
// and how they are sent: outbound/.

import type { AppId } from '../app-id.ts';
import type { Erased, EraseRequest } from './erasing.ts';
import type { HookSecret } from './hooks.ts';

export interface WebhookRecord {
  id: string;
  /** 1 when made, one more with every change. */
  version: number;
  url: string;
  description?: string;
  /** Names of events, and stars: `message.stored`, `conversation.*`, `*`. */
  events: readonly string[];
  /** JSONata, from an event to the body that is sent. */
  transform?: string;
  /** Many events go in one request. */
  batch?: { maxEvents: number; maxWaitMs: number };
  /** Events of a conversation are sent one after the other. */
  ordered: boolean;
  /** Asked before a message is accepted, instead of told afterwards; its `events` are `message.before`. */
  before?: WebhookBefore;
  /** `paused`: events wait. `disabled`: none are kept. */
  state: 'active' | 'paused' | 'disabled';
  disabled?: { because: WebhookDisabledBecause; at: number; detail: string };
  /** Owned by the provision file: read-only elsewhere. */
  managed: boolean;
  /** The newest first; what is sent is signed with each that is in use. */
  secrets: readonly HookSecret[];
  createdAt: number;
  updatedAt: number;
  updatedBy: string;
}

/** `gone`: it answered 410. `failing`: nothing came through for days. `file`: the provision file says so. */
export type WebhookDisabledBecause = 'gone' | 'failing' | 'file';

export interface WebhookBefore {
  timeoutMs: number;
  /** What becomes of a message when no answer can be had. */
  onFailure: 'allow' | 'reject';
  /** Of these kinds; left out: of every kind whose messages people send. */
  kinds?: readonly string[];
}

/** Kept beside the record, so that a call which fails is no change of it. */
export interface WebhookHealth {
  /** The first failure after the last success. */
  failingSince?: number;
  lastSuccessAt?: number;
  lastFailure?: { at: number; status?: number; error?: string };
}

/** Guarantees: durable as messages. */
export interface WebhookStore {
  /** By id, all of them: an app has few. */
  list(app: AppId): Promise<readonly WebhookRecord[]>;
  get(app: AppId, id: string): Promise<WebhookRecord | undefined>;
  /**
   * Stores it when its version is one above the present one (1 where there is none); false when another was
   * faster. What is known of its health stays.
   */
  put(app: AppId, webhook: WebhookRecord): Promise<boolean>;
  /** With its health. */
  remove(app: AppId, id: string): Promise<boolean>;
  /** By id; one of which nothing is known is not in it. */
  health(app: AppId): Promise<ReadonlyMap<string, WebhookHealth>>;
  /** Does nothing where there is no such webhook. */
  putHealth(app: AppId, id: string, health: WebhookHealth): Promise<void>;
}

/** `skipped`: its transform made nothing of it, so that there was nothing to send. */
export const webhookEventStates = ['waiting', 'delivered', 'failed', 'skipped'] as const;
export type WebhookEventState = (typeof webhookEventStates)[number];

/** One event for one webhook. */
export interface WebhookEventRecord {
  /** Of the event, the same for every webhook; unique in a webhook. */
  id: string;
  webhookId: string;
  /** UUIDv7 of the moment in which it was kept: their order. */
  place: string;
  type: string;
  createdAt: number;
  /** The request that it is sent in, named by `webhook-id`; absent until it is gathered with others. */
  batch?: string;
  /** Events of one lane are sent one after the other. */
  lane?: string;
  state: WebhookEventState;
  /** Of one that waits: not before. */
  dueAt?: number;
  endedAt?: number;
  /** Attempts since it was kept, or opened again. */
  tries: number;
  /** The newest last, at most 20. */
  attempts: readonly WebhookAttempt[];
  /** The event as JSON; absent in lists. */
  payload?: string;
}

export interface WebhookAttempt {
  number: number;
  at: number;
  /** How long it took. */
  ms: number;
  status?: number;
  /** Why there was no answer, or why nothing was sent. */
  error?: string;
  /** The beginning of the answer, secrets masked. */
  answer?: string;
}

export interface WebhookEventQuery {
  /** A place, exclusive. */
  before?: string | undefined;
  state?: WebhookEventState | undefined;
  type?: string | undefined;
  /** Kept from then on, and before. */
  fromMs?: number | undefined;
  toMs?: number | undefined;
  limit: number;
}

export interface WebhookEnding {
  state: WebhookEventState;
  /** Of `waiting`: when it is tried again. */
  dueAt?: number;
  endedAt?: number;
  attempt?: WebhookAttempt;
}

export const mostAttemptsKept = 20;

/** Guarantees: durable as messages. `take` hands an event to one of several that ask at once. */
export interface WebhookEventStore {
  /** An id that its webhook has is passed over. */
  add(app: AppId, events: readonly WebhookEventRecord[]): Promise<void>;
  get(app: AppId, webhookId: string, id: string): Promise<WebhookEventRecord | undefined>;
  /** The newest first, without their payloads. */
  list(app: AppId, webhookId: string, query: WebhookEventQuery): Promise<readonly WebhookEventRecord[]>;
  /** Puts the oldest that wait and are in no request into this one; how many, at most `limit`. */
  gather(app: AppId, webhookId: string, request: { batch: string; limit: number }): Promise<number>;
  /**
   * The events of a request that wait and are due, oldest first; they are due again at `untilMs`. Empty when
   * they are not due: then `dueAt` says when, and is absent when none waits.
   */
  take(
    app: AppId,
    webhookId: string,
    request: { batch: string; nowMs: number; untilMs: number },
  ): Promise<{ events: readonly WebhookEventRecord[]; dueAt?: number }>;
  /** Ends, or puts off, the events of a request that wait; an attempt counts as a try. */
  finish(app: AppId, webhookId: string, ending: WebhookEnding & { batch: string }): Promise<void>;
  /** The oldest in a lane that waits. */
  first(app: AppId, webhookId: string, lane: string): Promise<{ batch?: string } | undefined>;
  /** Makes those wait again that do not, due at `nowMs`, as if not tried; how many. */
  reopen(app: AppId, webhookId: string, request: { ids: readonly string[]; nowMs: number }): Promise<number>;
  /** Those that wait until later are due at `nowMs`; how many, at most `limit`. */
  wake(app: AppId, webhookId: string, request: { nowMs: number; limit: number }): Promise<number>;
  /** Those that wait have failed; how many, at most `limit`. */
  giveUp(app: AppId, webhookId: string, request: { nowMs: number; limit: number }): Promise<number>;
  counts(app: AppId, webhookId: string): Promise<Readonly<Partial<Record<WebhookEventState, number>>>>;
  /** Deletes all of a webhook's; the number deleted, at most `limit`. */
  removeOf(app: AppId, webhookId: string, limit: number): Promise<number>;
  /** Deletes those that were kept before `beforeMs`; the number deleted, at most `limit`. */
  prune(app: AppId, beforeMs: number, limit: number): Promise<number>;
  /** Deletes the oldest above `keep`; the number deleted, at most `limit`. */
  trim(app: AppId, keep: number, limit: number): Promise<number>;
  /** Deletes those that name the user. */
  erase(app: AppId, request: EraseRequest): Promise<Erased>;
}

/** Over all apps: what should have been sent by now, for the round that looks after it. */
export interface WebhookRelayStore {
  /** Requests with events that wait since before `beforeMs`, each once; the longest overdue first. */
  overdue(beforeMs: number, limit: number): Promise<readonly OverdueWebhook[]>;
}

export interface OverdueWebhook {
  app: AppId;
  webhookId: string;
  /** Absent where its events are still to be gathered. */
  batch?: string;
  dueAt: number;
}

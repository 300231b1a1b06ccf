// The messages between the harness and a load generator: orders and answers.
import type { ContenderName } from '../contenders/contender.ts';

export interface ClientSpec {
  userId: string;
  /** Of its node; the order's when left out. */
  port?: number;
  /** Belfry only; the others ask for none. */
  token?: string;
  /** Belfry: conversations it is a participant of. The others: rooms to join. */
  rooms: readonly string[];
  /** Belfry only: topics to subscribe to. */
  topics?: readonly string[];
  /** Belfry only: of its conversations' logs; `e1` when left out. */
  epoch?: string;
  /** Belfry only: the page that it is on, `/chat` when left out. */
  page?: string;
  /** Belfry only: the round trip that it says to have measured, ms; says nothing of it when left out. */
  rttMs?: number;
}

export interface OpenOrder {
  type: 'open';
  contender: ContenderName;
  port: number;
  clients: readonly ClientSpec[];
  /** Handshakes under way at the same time. */
  atOnce: number;
  /** One in so many clients reads the time in each event. 0: none does. */
  sampleEvery: number;
}

/** Clients by their place in the order that opened them. */
export interface Sender {
  client: number;
  room: string;
}

export interface SendOrder {
  type: 'send';
  /** Take turns. */
  senders: readonly Sender[];
  /** How many of this generator's clients get each message. 1 for a page of a log. */
  receivers: number;
  /**
   * `window`: so many messages on their way, as fast as possible. `pace`: so many a second, whatever arrives.
   */
  rate: { window: number } | { perSecond: number };
  /** Instead of a room's message, one to everybody; Belfry's goes to this topic. */
  announceTo?: string;
  /**
   * Instead of messages, pages of the rooms' logs are asked for, which hold so many messages. An answer is
   * what arrives then.
   */
  historyOf?: number;
}

export interface PostOrder {
  type: 'post';
  port: number;
  /** Take turns. */
  rooms: readonly string[];
  sender: string;
  /** Messages a request. */
  batch: number;
  atOnce: number;
  ms: number;
}

export type Order =
  | OpenOrder
  | SendOrder
  | PostOrder
  /** Stops sending, and waits until everything has arrived or nothing more does. */
  | {
      type: 'drain';
      patienceMs: number;
      /** Deliveries that other generators' messages brought here beside those of its own. */
      brought?: number;
    }
  | { type: 'counts' }
  /** Of the samples since the last time. */
  | { type: 'latencies' }
  /**
   * Every client sends a heartbeat in each interval, spread over it; 45 s until this is ordered. 0 stops it.
   */
  | { type: 'heartbeats'; everyMs: number }
  /** So many clients a second are cut off and come back, but for those that send. 0 stops it. */
  | { type: 'churn'; perSecond: number; senders: readonly number[] }
  /** Every connection is gone at once, without a word. */
  | { type: 'cut' }
  /** All reconnect, each with its positions. */
  | { type: 'resume'; atOnce: number; expected: number; patienceMs: number }
  | { type: 'close' };

export interface Opened {
  opened: number;
  failed: number;
  /** Of the first that failed. */
  problem?: string;
  tookMs: number;
}

export interface Counts {
  sent: number;
  /** Deliveries that must have arrived: messages times receivers. */
  expected: number;
  delivered: number;
  answered: number;
  /** Answers and requests that were errors. */
  refused: number;
  /** Answers to heartbeats. */
  heartbeats: number;
  acks: number;
  receivedBytes: number;
  /** Connections that the server ended. */
  lost: number;
  /** Of the generator itself, µs. */
  cpuMicros: number;
}

export interface Latencies {
  samples: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface Resumed {
  delivered: number;
  failed: number;
  tookMs: number;
}

export interface Churned {
  /** Clients that came back so far, and that could not. */
  returned: number;
  failed: number;
  /** Clients that know less of a stream than another does. */
  behind: number;
}

export interface Posted {
  messages: number;
  tookMs: number;
}

export interface Answers {
  open: Opened;
  post: Posted;
  send: null;
  drain: Counts;
  counts: Counts;
  latencies: Latencies;
  heartbeats: null;
  churn: Churned;
  cut: null;
  resume: Resumed;
  close: null;
}

export type OrderMessage = { id: number; order: Order };
export type AnswerMessage = { id: number; answer: unknown } | { id: number; error: string };

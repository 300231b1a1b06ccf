// The people of the proof of roll-outs: clients of the SDK in conversations of five, of whom one says something now and
// then, and one person in each who is away and has a phone. Records what each application got, what was acknowledged,
// and for how long each connection was gone. The counts: tally.ts.

import { setTimeout as pause } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { createBelfry } from '../../src/create-belfry.ts';
import { nodeSurroundings } from '../../src/surroundings/node.ts';
import type { Belfry } from '../../src/types.ts';
import type { ApiClient } from '../../../server/test/support/api-client.ts';
import { putConversation, registerDevice } from '../../../server/test/support/clinic.ts';

const perConversation = 5;
/** Calls of the API at once, while all is made. */
const atOnce = 20;
const signingSecret = new TextEncoder().encode('at-least-32-bytes-of-text-to-sign-tokens-with');

/** Of one application: the seqs that it got, by the order in which it got them. */
export interface Received {
  userId: string;
  conversationId: string;
  seqs: number[];
  gaps: number;
}

export interface CrowdRecord {
  received: readonly Received[];
  /** Seqs of messages whose senders were told that they are stored, by conversation. */
  acknowledged: ReadonlyMap<string, readonly number[]>;
  sent: number;
  failed: number;
  /** How long connections were gone, ms. */
  absencesMs: readonly number[];
}

export class Crowd {
  readonly #clients: Belfry[] = [];
  readonly #received: Received[] = [];
  readonly #acknowledged = new Map<string, number[]>();
  readonly #absencesMs: number[] = [];
  readonly #senders = new Map<string, Belfry>();
  #sent = 0;
  #failed = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Makes conversations and phones; resolves when every client is connected. */
  async gather({ count, url, api }: { count: number; url: string; api: ApiClient }): Promise<void> {
    const conversations = Array.from({ length: Math.ceil(count / perConversation) }, (_, at) => `room-${at + 1}`);
    await inBatches(conversations, async (id) => {
      const members = membersOf(id);
      await putConversation(api, id, [...members, awayOf(id)]);
      await registerDevice(api, awayOf(id));
      this.#acknowledged.set(id, []);
      for (const userId of members) await this.#join(url, { userId, conversationId: id });
    });
    await this.whole();
  }

  get size(): number {
    return this.#clients.length;
  }

  get connected(): number {
    return this.#clients.filter((client) => client.snapshot().status === 'connected').length;
  }

  /** Resolves when all are connected. */
  async whole(mostMs = 180_000): Promise<void> {
    await until(() => this.connected === this.size, {
      mostMs,
      what: () => `${this.connected} of ${this.size} connected`,
    });
  }

  /**
   * A first message in each conversation; resolves when everybody there has it. Who holds nothing of a conversation
   * begins with its head, wherever that is when they connect (docs/protocol.md), and is owed nothing of before.
   */
  async greet(mostMs = 120_000): Promise<void> {
    for (const [conversationId, sender] of this.#senders) {
      this.#sent += 1;
      sender.send({ conversationId, type: 'text', content: { text: 'Hello' } });
    }
    const waiting = (): number =>
      this.#received.filter(
        ({ userId, conversationId, seqs }) => seqs.length === 0 && userId !== membersOf(conversationId)[0],
      ).length;
    await until(() => waiting() === 0, { mostMs, what: () => `${waiting()} have not got the first message` });
  }

  /** `perSecond` messages in all, from then on; also while senders have no connection. */
  speak(perSecond: number): void {
    const rooms = [...this.#senders];
    let at = 0;
    this.#timer = setInterval(() => {
      const [conversationId = '', sender] = rooms[at++ % rooms.length] ?? [];
      this.#sent += 1;
      sender?.send({ conversationId, type: 'text', content: { text: `message ${this.#sent}` } });
    }, 1000 / perSecond);
  }

  /** Says no more. Resolves when nothing waits to be sent. */
  async fallSilent(mostMs: number): Promise<void> {
    clearInterval(this.#timer);
    const waiting = (): number =>
      this.#clients.flatMap((client) => client.outbox.messages()).filter(({ state }) => state === 'queued').length;
    await until(() => waiting() === 0, { mostMs, what: () => `${waiting()} messages wait to be sent` });
  }

  record(): CrowdRecord {
    return {
      received: this.#received,
      acknowledged: this.#acknowledged,
      sent: this.#sent,
      failed: this.#failed,
      absencesMs: this.#absencesMs,
    };
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.stop()));
  }

  async #join(url: string, { userId, conversationId }: { userId: string; conversationId: string }): Promise<void> {
    const token = await tokenOf(userId);
    const belfry = createBelfry({
      ...{ app: 'demo', url, page: '/chat', getToken: () => token },
      surroundings: { ...nodeSurroundings(), report: () => undefined },
    });
    const received: Received = { userId, conversationId, seqs: [], gaps: 0 };
    belfry.on('new_message', ({ seq }) => void received.seqs.push(Number(seq)));
    // Who has only sent knows no epoch yet, and is told of a gap where nothing is missing.
    belfry.on('gap', () => void (received.gaps += received.seqs.length > 0 ? 1 : 0));
    belfry.outbox.subscribe(({ state, draft, sent }) => {
      if (state === 'failed') this.#failed += 1;
      if (state === 'sent' && sent !== undefined) this.#acknowledged.get(draft.conversationId)?.push(sent.seq);
    });
    this.#measureAbsences(belfry);
    this.#received.push(received);
    this.#clients.push(belfry);
    if (userId === membersOf(conversationId)[0]) this.#senders.set(conversationId, belfry);
    belfry.start();
  }

  #measureAbsences(belfry: Belfry): void {
    let goneAtMs: number | undefined;
    let wasThere = false;
    belfry.subscribe(() => {
      const isThere = belfry.snapshot().status === 'connected';
      if (isThere && goneAtMs !== undefined) this.#absencesMs.push(performance.now() - goneAtMs);
      if (isThere) [wasThere, goneAtMs] = [true, undefined];
      else if (wasThere) goneAtMs ??= performance.now();
    });
  }
}

/** Who is in it and connected; the first one speaks. */
export function membersOf(conversationId: string): string[] {
  return Array.from({ length: perConversation }, (_, at) => `${conversationId}.${at + 1}`);
}

/** Who is in it, never connected, and has a phone. */
export function awayOf(conversationId: string): string {
  return `${conversationId}.away`;
}

export async function until(
  holds: () => boolean,
  { mostMs, what }: { mostMs: number; what: () => string },
): Promise<void> {
  const end = performance.now() + mostMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`after ${mostMs / 1000} s: ${what()}`);
    await pause(100);
  }
}

async function inBatches<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce) await Promise.all(all.slice(at, at + atOnce).map(run));
}

/** Signed here: a thousand calls for tokens would be another test. */
function tokenOf(userId: string): Promise<string> {
  const claims = new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject(userId).setAudience('demo');
  return claims.setIssuedAt().setExpirationTime('12h').sign(signingSecret);
}

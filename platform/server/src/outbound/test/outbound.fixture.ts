// Outgoing webhooks over stores, a queue and a bus in memory, with a scripted receiver in place of the
// network. Not the HTTP edge and no real sockets: test/scenarios.

import type { PluginResponse } from '@belfry/plugin-kit';
import type { PutWebhookBody } from '@belfry/protocol';
import { onTestFinished } from 'vitest';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { newApp } from '../../../test/support/samples.ts';
import { TestBusHub } from '../../../test/support/test-bus.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { MemoryPresenceHub } from '../../drivers/presence/memory/memory-presence-hub.ts';
import { createMemoryQueue } from '../../drivers/queue/memory/create-memory-queue.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import type { LimitedRequest } from '../../egress/limited-fetch.ts';
import type { Mapped } from '../../hooks/mapping/mapper.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Fact } from '../../ports/facts.ts';
import type { MessageStored } from '../../ports/message-facts.ts';
import type { WebhookEventState } from '../../ports/stores/index.ts';
import { RecordedLog, RecordedMetrics } from '../../sessions/test/sessions.fixture.ts';
import { createVault } from '../../tenancy/vault.ts';
import { Outbound } from '../outbound.ts';

export interface SentRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  json: Record<string, unknown>;
  atMs: number;
}

type Answer = { status: number; headers?: Record<string, string>; text?: string } | Error;

export const hourMs = 3_600_000;
export const by = { by: 'test' };

/** A stand-in for the mapper's process: `nothing` and `broken` are what they say, all else gives the type. */
async function mapped({ mapping, payload }: { mapping: string; payload: string }): Promise<Mapped> {
  if (mapping === 'nothing') return { ok: false, reason: 'nothing', isNothing: true };
  if (mapping === 'broken') return { ok: false, reason: 'broken here' };
  return { ok: true, value: { was: (JSON.parse(payload) as { type: string }).type } };
}

export function createOutboundUnderTest() {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const [log, metrics] = [new RecordedLog(), new RecordedMetrics()];
  const queue = createMemoryQueue({ clock });
  const facts = new RecordedFacts();
  const presence = new MemoryPresenceHub().connect('n1');
  const app: AppId = newApp();
  const sent: SentRequest[] = [];
  const answers: Answer[] = [];
  const audited: unknown[] = [];
  const state = { isOff: false, always: { status: 200 } as Answer };

  async function fetch(url: string | URL, request: LimitedRequest): Promise<PluginResponse> {
    const body = typeof request.body === 'string' ? request.body : '';
    const json = JSON.parse(body) as Record<string, unknown>;
    sent.push({ url: String(url), headers: request.headers ?? {}, body, json, atMs: clock.now() });
    const answer = answers.shift() ?? state.always;
    if (answer instanceof Error) throw answer;
    const { status, headers = {}, text = '' } = answer;
    return {
      ...{ status, ok: status >= 200 && status < 300, headers: new Headers(headers) },
      ...{ text: async () => text, json: async () => JSON.parse(text) as unknown },
      arrayBuffer: async () => new ArrayBuffer(0),
    };
  }

  const outbound = new Outbound({
    ...{ stores, queue, facts, presence, bus: new TestBusHub().connect('n1'), vault: createVault('secret') },
    egress: {
      fetch,
      checkUrl: async (url) => (url.includes('10.0.0.1') ? { ok: false, reason: 'is private' } : { ok: true }),
    },
    mapper: {
      check: async (_owner, mapping) => (mapping === '{' ? 'does not compile' : undefined),
      map: (_owner, given) => mapped(given),
    },
    isAppOff: async () => state.isOff,
    audit: async (_app, change) => void audited.push(change),
    surroundings: { clock, log, metrics },
    userAgent: 'Belfry/test',
    limits: { webhooksPerApp: 3, webhookTimeoutMs: 10_000, webhookJobsAtOnce: 4 },
    random: () => 0.5,
  });
  onTestFinished(async () => {
    await outbound.stop();
    await queue.close();
  });

  /** With what is left out as the schema would fill it in. */
  const put = (settings: Partial<PutWebhookBody> = {}, id = 'crm') =>
    outbound.records.put(app, id, {
      settings: { url: 'https://crm.example.com/in', events: ['*'], ordered: false, ...settings },
      ...by,
    });

  return {
    ...{ app, clock, stores, queue, log, facts, presence, outbound, sent, audited, put, state },
    answerWith: (...given: Answer[]) => void answers.push(...given),
    record: (fact: Fact) => facts.record(app, fact),
    /** As a broadcast does, before its sender has the answer. */
    keepStored: (given: Partial<MessageStored> = {}) =>
      outbound.intake.keepStored(app, () => storedFact({ atMs: clock.now(), ...given })),
    rows: async (webhookId = 'crm', stateOf?: WebhookEventState) =>
      (await stores.webhookEvents.list(app, webhookId, { limit: 100, state: stateOf })).toReversed(),
  };
}

function storedFact(given: Partial<MessageStored> = {}): MessageStored {
  return {
    ...{ type: 'message.stored', atMs: 1000, messageId: 'm1', kind: 'message', action: 'new_message' },
    ...{ conversationId: 'c1', senderId: 'alice', data: { type: 'text', content: { text: 'hi' } } },
    ...{ stream: 'c:c1', seq: 1 },
    ...given,
  };
}

export function readFact(conversationId = 'c1', seq = 1): Fact {
  return {
    type: 'message.read',
    atMs: 1000,
    conversationId,
    stream: `c:${conversationId}`,
    seq,
    userId: 'bob',
    messageIds: [],
  };
}

/** One that works. */
export async function started() {
  const whole = createOutboundUnderTest();
  await whole.outbound.start({ work: true });
  return whole;
}

// Broadcast requests, kinds and answers accept the forms of docs/delivery.md and refuse ambiguous ones.
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { broadcastRequestSchema, broadcastResultSchema, deliveryPolicySchema, kindSchema } from './delivery.ts';
import { sendBodySchema } from './http-conversations.ts';
import { messagesQuerySchema, tokenBodySchema } from './http.ts';
import { explainResultSchema } from './journey.ts';
import { type reasonSchema, type Reason } from './reasons.ts';

const uuid = '019a0000-0000-7000-8000-000000000001';
const request = { kind: 'system_notification', audience: { users: ['bob'] }, data: { title: 'x' } };

function accepts(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}

describe('a broadcast request', () => {
  it('has a kind, or an action with a policy, and never both', () => {
    const { kind, ...rest } = request;
    expect(accepts(broadcastRequestSchema, request)).toBe(true);
    expect(accepts(broadcastRequestSchema, { ...rest, action: 'ping', policy: {} })).toBe(true);
    expect(accepts(broadcastRequestSchema, rest)).toBe(false);
    expect(accepts(broadcastRequestSchema, { ...rest, action: 'ping' })).toBe(false);
    expect(accepts(broadcastRequestSchema, { ...rest, kind, action: 'ping', policy: {} })).toBe(false);
    expect(accepts(broadcastRequestSchema, { ...request, policy: {} })).toBe(false);
  });

  it('has exactly one audience', () => {
    const withAudience = (audience: unknown): boolean => accepts(broadcastRequestSchema, { ...request, audience });
    for (const audience of [{ conversation: 'c1' }, { topic: 't', deviceTypes: ['mobile'] }, { everyone: true }]) {
      expect(withAudience(audience)).toBe(true);
    }
    for (const audience of [
      {},
      { users: [] },
      { everyone: false },
      { conversation: 'c', topic: 't' },
      { users: ['visitor:1'] },
    ]) {
      expect(withAudience(audience)).toBe(false);
    }
    expect(withAudience({ users: Array.from({ length: 10_001 }, (_, index) => `u${index}`) })).toBe(false);
  });

  it('refuses a misspelt field', () => {
    expect(accepts(broadcastRequestSchema, { ...request, idempotencykey: 'm-1' })).toBe(false);
  });
});

describe('a policy', () => {
  it('says nothing and means the defaults', () => {
    expect(deliveryPolicySchema.parse({})).toEqual({
      realtime: 'all',
      push: 'undelivered',
      pushTo: 'all',
      ttlSeconds: 86_400,
      priority: 'normal',
      respectPreferences: true,
    });
  });

  it('of a kind keeps to the declaration of the kind', () => {
    const kind = {
      kind: 'lab_result',
      action: 'lab_result',
      audience: 'conversation',
      durable: 'inbox',
      policy: { push: 'undelivered', priority: 'high' },
    };
    expect(kindSchema.parse(kind)).toEqual(kind);
    expect(kindSchema.parse({ kind: 'x', action: 'x', audience: 'topic' })).toMatchObject({
      durable: false,
      policy: {},
    });
    expect(accepts(kindSchema, { ...kind, kind: 'message' })).toBe(false);
  });
});

describe('answers', () => {
  it('count by reason, and by nothing else', () => {
    const result = {
      id: uuid,
      duplicate: false,
      recipients: 2,
      connections: 1,
      decisions: { sent: 1, no_connection: 1 },
    };
    expect(broadcastResultSchema.parse(result)).toEqual(result);
    expect(accepts(broadcastResultSchema, { ...result, decisions: { arrived: 1 } })).toBe(false);
    expectTypeOf<z.infer<typeof reasonSchema>>().toEqualTypeOf<Reason>();
  });

  it('of explain are as the transcripts show them', () => {
    const explained = {
      recipients: [
        {
          userId: 'bob',
          realtime: [{ connectionId: uuid, deviceType: 'desktop', page: '/chat', reason: 'sent' }],
          push: [{ deviceId: uuid, provider: 'hook', deviceType: 'mobile', reason: 'waiting_for_ack', afterMs: 5000 }],
        },
        { userId: 'dave', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
      ],
      counts: { sent: 1, waiting_for_ack: 1, no_connection: 1, no_device: 1 },
    };
    expect(explainResultSchema.parse(explained)).toEqual(explained);
  });
});

describe('HTTP', () => {
  it.each(['0', '-1', '1e9', '', '101', ' 5', '5x'])('refuses the page size %j', (limit) => {
    expect(accepts(messagesQuerySchema, { limit })).toBe(false);
  });

  it('reads numbers out of a query', () => {
    expect(messagesQuerySchema.parse({ afterSeq: '0', limit: '50' })).toEqual({ afterSeq: 0, limit: 50 });
    expect(accepts(messagesQuerySchema, { afterSeq: '9007199254740993' })).toBe(false);
  });

  it('sends a message unless a kind or action is named', () => {
    expect(sendBodySchema.parse({ type: 'text', content: { text: 'hi' } }).kind).toBe('message');
    expect(accepts(sendBodySchema, { type: 'text', content: 'hi' })).toBe(false);
  });

  it('makes tokens for a day at most, and for no visitor', () => {
    expect(tokenBodySchema.parse({ userId: 'alice' }).expiresInSeconds).toBe(3600);
    expect(accepts(tokenBodySchema, { userId: 'alice', expiresInSeconds: 86_401 })).toBe(false);
    expect(accepts(tokenBodySchema, { userId: 'visitor:1' })).toBe(false);
  });
});

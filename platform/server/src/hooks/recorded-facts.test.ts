// The facts of webhooks: that they came in, and their outcome, once each.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHooksUnderTest, createTestMapper, labMapping, type HooksUnderTest } from './test/hooks.fixture.ts';
import type { Mapper } from './mapping/mapper.ts';

const ready = { patient: 'bob', text: 'ready' };

let mapper: Mapper;
beforeAll(() => {
  mapper = createTestMapper();
});
afterAll(() => mapper.close());

interface Case {
  given: string;
  when: (hooks: HooksUnderTest, accept: (id: string, body: unknown) => Promise<unknown>) => Promise<unknown>;
  then: object[];
}

const cases: Case[] = [
  {
    given: 'a webhook that becomes a broadcast',
    when: (_, accept) => accept('evt_1', ready),
    then: [{ webhookId: 'evt_1', outcome: 'accepted', messageId: expect.any(String) }],
  },
  {
    given: 'the same webhook again',
    async when(_, accept) {
      await accept('evt_1', ready);
      await accept('evt_1', ready);
    },
    then: [
      { webhookId: 'evt_1', outcome: 'accepted', messageId: expect.any(String) },
      { webhookId: 'evt_1', outcome: 'duplicate', messageId: expect.any(String) },
    ],
  },
  {
    given: 'a webhook that the mapping makes nothing of',
    async when(hooks, accept) {
      await hooks.records.put(hooks.app, 'lab', { mapping: '42' });
      await expect(accept('evt_1', ready)).rejects.toThrow();
    },
    then: [{ webhookId: 'evt_1', outcome: 'refused', code: expect.any(String) }],
  },
  {
    given: 'a webhook whose broadcast fails',
    async when(hooks, accept) {
      hooks.setFate({ before: new Error('away') });
      await expect(accept('evt_1', ready)).rejects.toThrow();
    },
    then: [{ webhookId: 'evt_1', outcome: 'failed', code: 'internal' }],
  },
  {
    given: 'a webhook that is refused, and replayed when its mapping is mended',
    async when(hooks, accept) {
      await hooks.records.put(hooks.app, 'lab', { mapping: '42' });
      await expect(accept('evt_1', ready)).rejects.toThrow();
      await hooks.records.put(hooks.app, 'lab', { mapping: labMapping });
      const [row] = await hooks.rows();
      const hook = await hooks.records.record(hooks.app, 'lab');
      await hooks.inbound.replay(hooks.app, hook, row?.id ?? '');
      await hooks.inbound.replay(hooks.app, hook, row?.id ?? '');
    },
    then: [
      { webhookId: 'evt_1', outcome: 'refused', code: expect.any(String) },
      { webhookId: 'evt_1', outcome: 'accepted', messageId: expect.any(String) },
    ],
  },
];

test.each(cases)('given $given, the facts are these and no others', async ({ when, then }) => {
  const hooks = createHooksUnderTest(mapper);
  await hooks.records.put(hooks.app, 'lab', { mapping: labMapping });
  await when(hooks, async (id, body) => hooks.inbound.accept(await hooks.webhook(id, body)));
  const base = { type: 'hook.received', atMs: hooks.clock.now(), hookId: 'lab', deliveryId: expect.any(String) };
  expect(hooks.facts.all).toEqual(then.map((fact) => ({ ...base, ...fact })));
  const rows = new Set((await hooks.rows()).map(({ id }) => id));
  expect(hooks.facts.of('hook.received').every(({ deliveryId }) => rows.has(deliveryId))).toBe(true);
});

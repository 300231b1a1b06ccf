// The reason that the plan of a broadcast gives for a push is the one the worker comes to, whatever the
// preferences and the provider's state.

import { pushLevels } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPreferences } from '../notifications/preferences/check-preferences.ts';
import { createQuietUntil } from '../notifications/preferences/quiet-hours.ts';
import { app, createWorld, scriptedProvider, startProcess } from '../notifications/test/push.fixture.ts';
import { decidePush } from './decide-push.ts';

const zones = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'] as const;
const time = fc.nat(23).map((hour) => `${String(hour).padStart(2, '0')}:00`);
const levelArbitrary = fc.constantFrom(...pushLevels);
const optional = { requiredKeys: [] as never[] };
const preferencesArbitrary = fc.record({
  level: levelArbitrary,
  quietHours: fc.option(
    fc.record({ from: time, to: time, timeZone: fc.constantFrom(...zones) }).filter(({ from, to }) => from !== to),
    { nil: undefined },
  ),
  conversations: fc.option(
    fc.record(
      { level: levelArbitrary, muteUntil: fc.constantFrom('2025-12-31T00:00:00.000Z', '2026-01-02T00:00:00.000Z') },
      optional,
    ),
    { nil: undefined },
  ),
});
const policyArbitrary = fc.record({
  priority: fc.constantFrom('low' as const, 'normal' as const, 'high' as const, 'urgent' as const),
  respectPreferences: fc.boolean(),
});

test(
  'a push comes to the reason that was named, or is sent where none was in its way',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.option(preferencesArbitrary, { nil: undefined }),
        policyArbitrary,
        fc.record({
          mentions: fc.constantFrom([], ['bob'], ['carol']),
          inConversation: fc.boolean(),
          // Off is said of the device, and what the user wants of the push as a whole: the journey keeps the
          // former.
          state: fc.constantFrom('on' as const, 'paused' as const),
          quota: fc.option(fc.constantFrom({ perDay: 0 }, { perMinute: 1 }), { nil: undefined }),
        }),
        async (wished, policy, { mentions, inConversation, state, quota }) => {
          const world = createWorld();
          const device = await world.device();
          world.providers.set(
            'hook',
            scriptedProvider(world, 'hook', { state, ...(quota === undefined ? {} : { quota }) }),
          );
          const preferences =
            wished === undefined
              ? undefined
              : {
                  level: wished.level,
                  ...(wished.quietHours === undefined ? {} : { quietHours: wished.quietHours }),
                  conversations: wished.conversations === undefined ? {} : { c1: wished.conversations },
                };
          if (preferences !== undefined) {
            await world.stores.preferences.put(app, { userId: 'bob', version: 1, preferences });
          }
          const process = await startProcess(world);
          const first = await world.append({ seq: 1, data: { type: 'text', content: { text: 'x' }, mentions } });
          const { conversationId: _, ...rest } = first;
          const message = { ...(inConversation ? first : rest), policy: { ...first.policy, ...policy } };
          // The worker reads the log, so the message stands there as the plan is made of it.
          await world.stores.messages.remove(app, first, { data: {}, deletedAt: 1 });
          const stored = { ...message, seq: 2, cid: 'two', outbox: { dueAt: 0 } };
          await world.stores.messages.append(app, [stored]);

          const served = await process.servedProviders(app);
          const nowMs = world.clock.now();
          const question = { preferences, userId: 'bob', message: stored, nowMs, quietUntil: createQuietUntil() };
          const plan = decidePush({
            policy: stored.policy,
            waitMs: 5000,
            devices: [device],
            isServed: (id) => served.has(id),
            hindrance: (id) => served.get(id)?.hindrance,
            wish: checkPreferences(question),
            nowMs,
            isAwaited: false,
          });
          const [planned] = plan.push;

          // As the relay does, who asks nobody: the worker must come to the same by itself.
          process.schedule(app, stored, [{ userId: 'bob', when: 'now' }]);
          await world.clock.advance(1000);
          const last = world.facts.at(-1);
          expect(last?.reason).toBe(planned?.reason === 'queued' ? 'accepted_by_provider' : planned?.reason);
          expect(world.sent).toHaveLength(planned?.reason === 'queued' ? 1 : 0);
          if (last?.reason === 'quiet_hours_deferred') expect(last.afterMs).toBe(planned?.afterMs);
          await process.stop();
        },
      ),
      { numRuns: 150 },
    );
  },
);

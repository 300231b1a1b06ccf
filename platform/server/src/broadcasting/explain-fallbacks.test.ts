// What the plan of a broadcast says of a fall-back chain is what the worker does: which devices are pushed to
// first, which wait, after what and how long, and which are never needed.

import type { Fallback, FallbackCause } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { app, createWorld, scriptedProvider, startProcess } from '../notifications/test/push.fixture.ts';
import { decidePush } from './decide-push.ts';

const channels = { hook: 'push', sms: 'sms', mail: 'email' } as const;
type Provider = keyof typeof channels;
const providers = Object.keys(channels) as Provider[];

const stepArbitrary = fc
  .record({
    after: fc.constantFrom<FallbackCause>('failed', 'not_opened', 'no_device'),
    afterMs: fc.constantFrom(0, 60_000, 600_000),
    of: fc.constantFrom<Partial<Fallback>>({ channel: 'sms' }, { channel: 'email' }, { provider: 'mail' }),
    for: fc.constantFrom<Partial<Fallback>>({}, { kinds: ['message'] }, { kinds: ['other'] }, { priorities: ['high'] }),
  })
  .map(({ after, afterMs, of, for: terms }): Fallback => ({ after, afterMs, ...of, ...terms }));

test('a chain goes as it was planned', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stepArbitrary, { minLength: 1, maxLength: 4 }),
      fc.subarray(providers, { minLength: 1 }),
      fc.boolean(),
      async (fallbacks, registered, fails) => {
        const world = createWorld();
        for (const id of providers) world.providers.set(id, scriptedProvider(world, id, { channel: channels[id] }));
        world.settings.fallbacks = fallbacks;
        if (fails) world.answer = () => ({ outcome: 'rejected', reason: 'payload', detail: 'no' });
        const devices = [];
        for (const id of registered) devices.push(await world.device({ id, provider: id, targetHash: id }));
        const process = await startProcess(world);
        const message = await world.append({ seq: 1 });
        const served = await process.servedProviders(app);
        const { policy, kind } = message;
        const plan = decidePush({
          ...{ policy, waitMs: 5000, devices, isAwaited: false, isServed: (id: string) => served.has(id) },
          chain: {
            fallbacks,
            terms: { kind, priority: policy.priority },
            channelOf: (id) => served.get(id)?.channel,
          },
        });
        const planned = new Map(plan.push.map((each) => [each.deviceId, each]));
        const of = (reason: string) => plan.push.filter((each) => each.reason === reason).map((each) => each.deviceId);

        process.schedule(app, message, [{ userId: 'bob', when: 'now' }]);
        // What waits no time at all is sent in the next run of the job.
        await world.clock.advance(0);
        const first = world.sent.filter(({ atMs }) => atMs === world.clock.now()).map(({ provider }) => provider);
        const atOnce = plan.push.filter(({ afterMs }) => afterMs === 0).map(({ deviceId }) => deviceId);
        for (const id of of('queued')) expect(first).toContain(id);
        for (const id of first) expect([...of('queued'), ...atOnce]).toContain(id);
        const [waiting] = world.facts.filter(({ reason }) => reason === 'fallback_waiting');
        if (waiting !== undefined)
          expect(planned.get(waiting.deviceId ?? '')).toMatchObject({
            ...{ reason: 'fallback_waiting', from: waiting.from, afterMs: waiting.afterMs },
          });

        await world.clock.advance(3 * 600_000 + 5000);
        const all = world.sent.map(({ provider }) => provider);
        // Each at most once, and nothing that was not planned.
        expect(all).toHaveLength(new Set(all).size);
        for (const id of all) expect([...of('queued'), ...of('fallback_waiting')]).toContain(id);
        for (const id of registered) {
          const last = world.facts.findLast(({ deviceId }) => deviceId === id)?.reason;
          const ends = ['accepted_by_provider', 'payload_rejected', 'fallback_not_needed'];
          if (planned.has(id) && last !== undefined) expect(ends).toContain(last);
        }
        await process.stop();
      },
    ),
    { numRuns: 150 },
  );
});

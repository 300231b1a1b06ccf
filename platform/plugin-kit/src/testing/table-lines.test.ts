// What a line of a provider's table may say beside an answer and its outcome.
import { expect, test } from 'vitest';
import { accepted } from '../index.ts';
import type { ExpectedOutcome } from './provider-test-options.ts';
import { provider, rulesBroken, sending, sendSoundly } from './sound-provider.fixture.ts';

test('a line of the table may have its own target, configuration, attempt, and id of what was sent before', async () => {
  const picky = provider((ctx) => ({
    async send({ device, previous }, { signal, attempt }) {
      const outcome = await sendSoundly(ctx, signal);
      if (outcome.outcome !== 'accepted') return outcome;
      const { to } = device.target as { to: string };
      return accepted([to, ctx.config.token.length, previous?.providerMessageId, attempt].join(' '));
    },
  }));
  const line = { target: { to: 'y' }, config: { token: 'short' }, previous: { providerMessageId: 'm' }, attempt: 3 };

  expect(await rulesBroken(picky, { answers: [[{ http: 200 }, 'accepted:y 5 m 3', line]] })).toEqual([]);
  expect(await rulesBroken(picky, { answers: [[{ http: 200 }, 'accepted:y 5 m 2', line]] })).toEqual(['answer']);
});

test('a line says of a retry for whom it is, and when', async () => {
  const slow = sending(() => ({ outcome: 'retry', reason: 'slower', afterMs: 5, scope: 'target' }));
  const answers = (expected: ExpectedOutcome) => ({ answers: [[{ http: 429 }, expected] as const] });

  for (const right of ['retry', 'retry:target', 'retry:5:target'] as const)
    expect(await rulesBroken(slow, answers(right))).toEqual([]);
  for (const wrong of ['retry:5', 'retry:6:target'] as const)
    expect(await rulesBroken(slow, answers(wrong))).toEqual(['answer']);
});

import { BelfryError } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { MemoryRates } from '../../drivers/rates/memory/memory-rates.ts';
import { createTurns, type TurnsDeps } from './rate-limit.ts';

function deps(rates: TurnsDeps['rates']): TurnsDeps {
  return { rates, clientAddress: () => '192.0.2.1', limits: { requestsPerMinute: 2 } };
}

test('the requests that one caller makes of several nodes are counted together', async () => {
  const clock = createVirtualClock();
  const shared = deps(new MemoryRates(clock));
  const [one, two] = [createTurns('/api/v1', shared), createTurns('/api/v1', shared)];
  await one.take('demo key:a', 2);
  await two.take('demo key:a', 2);
  await expect(one.take('demo key:a', 2)).rejects.toMatchObject({ code: 'rate_limited', afterMs: 60_000 });
  await expect(two.take('demo key:a', 2)).rejects.toMatchObject({ code: 'rate_limited' });
  await two.take('demo key:b', 2);
  await clock.advance(60_000);
  await one.take('demo key:a', 2);
});

test('two doors count apart', async () => {
  const shared = deps(new MemoryRates(createVirtualClock()));
  await createTurns('/api/v1', shared).take('demo key:a', 1);
  await createTurns('/hooks', shared).take('demo key:a', 1);
});

test('counts that cannot be reached stop nobody, and any other failure grants nothing', async () => {
  const away = createTurns('/api/v1', deps({ take: () => Promise.reject(new BelfryError('unavailable')) }));
  await away.take('demo key:a', 1);
  const broken = createTurns('/api/v1', deps({ take: () => Promise.reject(new Error('broken')) }));
  await expect(broken.take('demo key:a', 1)).rejects.toThrow('broken');
});

// What somebody learns who guesses passwords of the console over HTTP: not which accounts there are, and soon
// nothing.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
beforeAll(async () => void (world = await startConsoleWorld({ env: { TRUST_PROXY: '1' } })), 60_000);
afterAll(() => world.server.stop());

let networks = 0;

/** The server is in this process. Each from a network of its own, as whoever has many machines. */
async function guess(
  email: string,
  signal?: AbortSignal,
): Promise<{ response: Response; workMs: number; text: string }> {
  networks += 1;
  const before = process.cpuUsage();
  const response = await fetch(`${world.server.url}/admin/api/session`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': `10.${Math.trunc(networks / 200)}.${networks % 200}.1`,
    },
    body: JSON.stringify({ email, password: 'a wrong password' }),
    ...(signal && { signal }),
  });
  const text = await response.text();
  const { user, system } = process.cpuUsage(before);
  return { response, workMs: (user + system) / 1000, text };
}

test('an account that is there and one that is not are answered alike, after the same work', async () => {
  const known: number[] = [];
  const unknown: number[] = [];
  const words = new Set<string>();
  // Three tries of an account are answered without a delay.
  for (const role of ['owner', 'admin', 'developer', 'viewer']) {
    for (let tries = 0; tries < 3; tries += 1) {
      const there = await guess(`${role}@example.org`);
      const away = await guess(`nobody-${role}@example.org`);
      expect([there.response.status, away.response.status]).toEqual([401, 401]);
      for (const { text } of [there, away]) {
        const { requestId: _own, ...said } = JSON.parse(text) as Record<string, unknown>;
        words.add(JSON.stringify(said));
      }
      known.push(there.workMs);
      unknown.push(away.workMs);
    }
  }
  expect(words.size).toBe(1);
  // Of the processor's time, which the load of the machine does not change; of twelve the least, without what
  // else the process did.
  const [ofKnown, ofUnknown] = [Math.min(...known), Math.min(...unknown)];
  expect(Math.abs(ofKnown - ofUnknown) / Math.max(ofKnown, ofUnknown)).toBeLessThan(0.2);
});

test('after ten wrong passwords the next is refused at once, and told when to come again', async () => {
  const abort = new AbortController();
  const tries = Array.from({ length: 12 }, () => guess('nobody-at-all@example.org', abort.signal));
  // The answers to the first ten come later and later; nobody waits for them here.
  const refused = await Promise.any(
    tries.map(async (each) => {
      const answer = await each;
      if (answer.response.status !== 429) throw new Error('was looked at');
      return answer;
    }),
  );
  const afterSeconds = Number(refused.response.headers.get('retry-after'));
  expect(afterSeconds).toBeGreaterThan(0);
  expect(afterSeconds).toBeLessThanOrEqual(60);
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'rate_limited', afterMs: expect.any(Number) as number });
  abort.abort();
  await Promise.allSettled(tries);
}, 60_000);

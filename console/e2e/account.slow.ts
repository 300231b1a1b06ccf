// What takes time about being let in: a tab that was signed out elsewhere is out within seconds, wrong passwords are
// answered later and later, and an account that is there as fast as one that is not.
import { expect, it } from 'vitest';
import { median } from '../../platform/bench/src/measure/statistics.ts';
import { join } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';

// Whoever guesses has many addresses.
const world = createConsoleUnderTest(() => ({ env: { TRUST_PROXY: '1' } }));

it('a tab that is signed out elsewhere is out within five seconds', async () => {
  const li = await join(world.anna, world.server, { email: 'li@clinic.example', name: 'Li', role: 'viewer' });
  const { page, expectQuiet } = await world.openAt('/account/profile', { who: li, allowed: /status of 401/ });
  await page.locator('[data-live="live"]').waitFor();
  const startedMs = performance.now();
  const [session] = await li.call<{ id: string }[]>('GET', '/account/sessions');
  await li.call('DELETE', `/account/sessions/${session?.id}`);
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  expect(performance.now() - startedMs).toBeLessThan(5000);
  await expectQuiet();
});

interface Guess {
  ms: number;
  said: string;
}

let networks = 0;

/** From an address of its own. */
async function guess(email: string): Promise<Guess> {
  networks += 1;
  const startedMs = performance.now();
  const response = await fetch(`${world.server.url}/admin/api/session`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Origin: world.server.url,
      'X-Forwarded-For': `10.${Math.trunc(networks / 200)}.${networks % 200}.1`,
    },
    body: JSON.stringify({ email, password: 'a wrong password' }),
  });
  const { requestId: _own, ...said } = (await response.json()) as Record<string, unknown>;
  return { ms: performance.now() - startedMs, said: JSON.stringify([response.status, said]) };
}

it('each wrong password is answered later than the one before, in the same words', async () => {
  const guesses: Guess[] = [];
  for (let tries = 0; tries < 6; tries += 1) guesses.push(await guess(world.anna.email));
  expect(new Set(guesses.map(({ said }) => said)).size).toBe(1);
  expect(guesses[0]?.said).toContain('401');
  // Three without a delay; timers never come early.
  for (const [at, leastMs] of [1000, 2000, 4000].entries()) {
    expect(guesses[at + 3]?.ms).toBeGreaterThanOrEqual(leastMs);
  }
});

it('an account that is there is answered as fast as one that is not', async () => {
  const people = Array.from({ length: 12 }, (_, at) => `nurse-${at}@clinic.example`);
  for (const email of people) await join(world.anna, world.server, { email, name: 'Nurse', role: 'viewer' });
  const there: Guess[] = [];
  const away: Guess[] = [];
  // In turns, so that what else the machine does meets both; three of each, which have no delay.
  for (let tries = 0; tries < 3; tries += 1) {
    for (const email of people) {
      there.push(await guess(email));
      away.push(await guess(`nobody-${email}`));
    }
  }
  expect(new Set([...there, ...away].map(({ said }) => said)).size).toBe(1);
  const [known, unknown] = [there, away].map((each) => median(each.map(({ ms }) => ms))) as [number, number];
  expect(Math.abs(known - unknown) / Math.max(known, unknown), `${known} and ${unknown} ms`).toBeLessThan(0.2);
});

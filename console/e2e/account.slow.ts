// What takes time about being let in: a tab that was signed out elsewhere is out within seconds, wrong passwords are
// answered later and later, and an account that is there as fast as one that is not.
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { median } from '../../platform/bench/src/measure/statistics.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let opened: Watched[] = [];

beforeAll(async () => {
  // Whoever guesses has many addresses.
  [server, browser] = await Promise.all([startConsoleServer({ env: { TRUST_PROXY: '1' } }), launchChromium()]);
  anna = await setUp(server);
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('a tab that is signed out elsewhere is out within five seconds', async () => {
  const watched = await openWatched(browser, { url: server.url, allowed: /status of 401/ });
  opened.push(watched);
  const { page, context, expectQuiet } = watched;
  const li = await join(anna, server, { email: 'li@clinic.example', name: 'Li', role: 'viewer' });
  await li.enter(context);
  await page.goto(`${server.url}/console/account/profile`);
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
  const response = await fetch(`${server.url}/admin/api/session`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Origin: server.url,
      'X-Forwarded-For': `10.${Math.trunc(networks / 200)}.${networks % 200}.1`,
    },
    body: JSON.stringify({ email, password: 'a wrong password' }),
  });
  const { requestId: _own, ...said } = (await response.json()) as Record<string, unknown>;
  return { ms: performance.now() - startedMs, said: JSON.stringify([response.status, said]) };
}

it('each wrong password is answered later than the one before, in the same words', async () => {
  const guesses: Guess[] = [];
  for (let tries = 0; tries < 6; tries += 1) guesses.push(await guess(anna.email));
  expect(new Set(guesses.map(({ said }) => said)).size).toBe(1);
  expect(guesses[0]?.said).toContain('401');
  // Three without a delay; timers never come early.
  for (const [at, leastMs] of [1000, 2000, 4000].entries()) {
    expect(guesses[at + 3]?.ms).toBeGreaterThanOrEqual(leastMs);
  }
});

it('an account that is there is answered as fast as one that is not', async () => {
  const people = Array.from({ length: 12 }, (_, at) => `nurse-${at}@clinic.example`);
  for (const email of people) await join(anna, server, { email, name: 'Nurse', role: 'viewer' });
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

// A server that is away for half a minute, as journey 23 has it. The shorter absences are in away.test.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createConsoleUnderTest } from './support/console-under-test.ts';
import { startCutLine } from './support/cut-line.ts';

const world = createConsoleUnderTest();
const cutMs = 30_000;

it('a line that is cut for thirty seconds: one strip and no toast, what was opened is read, then the lists agree', async () => {
  const line = await startCutLine(world.browser, world.server);
  try {
    for (const name of ['Ann Li', 'Bob Meier']) {
      await world.server.api('PUT', `/users/${name.slice(0, 3).toLowerCase()}`, { name });
    }
    const bob = await world.clients.connect({ userId: 'bob', page: '/chat' });
    await world.clients.connect({ userId: 'ann', page: '/chat' });
    const { page, writes, requests, expectQuiet } = await line.open('a/demo/users', world.anna);
    const row = (text: string) => page.locator('[data-row]', { hasText: text });
    const go = async (letter: string, heading: string): Promise<void> => {
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      // Rows of one screen have what rows of the other are found by.
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    };
    await row('Bob Meier').waitFor();
    await page.locator('[data-live="live"]').waitFor();
    await go('c', 'Connections');
    await row('bob').click();
    await page.getByRole('complementary').getByRole('button', { name: 'Disconnect' }).waitFor();
    let [mostStrips, mostToasts] = [0, 0];
    const looking = setInterval(() => {
      const most = async (selector: string, soFar: number) => Math.max(soFar, await page.locator(selector).count());
      most('[data-away]', mostStrips).then(
        (count) => (mostStrips = count),
        () => undefined,
      );
      most('[data-sonner-toast]', mostToasts).then(
        (count) => (mostToasts = count),
        () => undefined,
      );
    }, 250);
    try {
      line.way.become('cut');
      const cutAtMs = performance.now();
      await page.locator('[data-away]').getByText('Reconnecting').waitFor();
      await bob.close();
      for (let at = 0; at < 20; at += 1) await world.clients.connect({ userId: `new-${at}`, page: '/chat' });
      // Reading goes on: the drawer that is open, a screen that was opened, and the one where one was.
      await page.getByRole('complementary').getByText('bob').first().waitFor();
      await go('u', 'Users');
      await row('Bob Meier').waitFor();
      await go('c', 'Connections');
      await row('ann').waitFor();
      await sleep(Math.max(0, cutMs - (performance.now() - cutAtMs)));
      await page.locator('[data-away]').waitFor();
      line.way.become('open');
      await page.locator('[data-back]').waitFor({ timeout: 60_000 });
    } finally {
      clearInterval(looking);
    }
    expect({ mostStrips, mostToasts }).toEqual({ mostStrips: 1, mostToasts: 0 });
    const { items } = await world.anna.call<{ items: { user: string }[] }>('GET', '/apps/demo/connections');
    expect(items).toHaveLength(21);
    const shown = async (): Promise<string[]> =>
      (await page.locator('[data-row]').allInnerTexts()).map((text) => text.split('\n')[0] ?? '').toSorted();
    await expect.poll(shown).toEqual(items.map(({ user }) => user).toSorted());
    expect(writes).toEqual([]);
    // A list is asked for when it is opened, and when the server is back.
    expect(requests.filter((address) => new URL(address).pathname.includes('/views')).length).toBeLessThan(20);
    await expectQuiet();
  } finally {
    await line.stop();
  }
});

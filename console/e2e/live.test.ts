// What another person changes is on the screen without asking for it; and a server that is away for a moment.
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { join } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';

const world = createConsoleUnderTest(() => ({ keepsPort: true }));

/** A second, and the machine's share: one that is busy is slow, not wrong. */
const soon = { timeout: process.env['CI'] === undefined ? 2000 : 10_000 };
const state = (page: Page, wanted: string) => page.locator(`[data-live="${wanted}"]`).waitFor();

it('what somebody else makes, renames or invites is there within a second, without a reload', async () => {
  const { page, expectQuiet } = await world.openAt(`/t/${world.anna.tenant}/apps`);
  await state(page, 'live');
  await expect.poll(() => page.locator('[data-live]').innerText()).toMatch(/^live \d+ ms$/);
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, {
    template: 'empty',
    key: 'fresh',
    name: 'Fresh',
  });
  await page.locator('[data-row]', { hasText: 'Fresh' }).waitFor(soon);
  await page
    .locator('nav a[href$="/members"]')
    .first()
    .evaluate((link: HTMLElement) => link.click());
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await join(world.anna, world.server, { email: 'li@clinic.example', name: 'Li', role: 'developer' });
  await page.locator('[data-row]', { hasText: 'li@clinic.example' }).waitFor(soon);
  await expectQuiet();
});

it('a server that goes and comes back is said, and what changed meanwhile is there', async () => {
  const { page, expectQuiet } = await world.openAt(`/t/${world.anna.tenant}/apps`, {
    allowed: /WebSocket connection to|Failed to load resource/,
  });
  await state(page, 'live');
  await world.server.restart();
  await state(page, 'live');
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, {
    template: 'empty',
    key: 'later',
    name: 'Later',
  });
  await page.locator('[data-row]', { hasText: 'Later' }).waitFor();
  await expectQuiet();
});

it('where no WebSocket gets through, the page says so and reads by itself', async () => {
  const { page, context, expectQuiet } = await world.openAt('/account/profile', { allowed: /WebSocket connection to/ });
  await context.routeWebSocket(/\/ws\?/, (socket) => socket.close({ code: 1011 }));
  await page.goto(`${world.server.url}/console/t/${world.anna.tenant}/apps`);
  await page.locator('[data-row]').first().waitFor();
  await state(page, 'blocked');
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, { template: 'empty', key: 'slow', name: 'Slow' });
  await page.locator('[data-row]', { hasText: 'Slow' }).waitFor({ timeout: 15_000 });
  await expectQuiet();
});

it('listening is said where the server listens, and not before', async () => {
  const { page, expectQuiet } = await world.openAt('/a/demo/overview');
  const asked = Promise.withResolvers<undefined>();
  const answers = Promise.withResolvers<undefined>();
  await page.route(/\/views$/, async (route) => {
    asked.resolve(undefined);
    await answers.promise;
    await route.fallback();
  });
  await page.goto(`${world.server.url}/console/a/demo/live`);
  await asked.promise;
  await page.getByText('Beginning to listen').waitFor();
  expect(await page.getByText('Listening.').count()).toBe(0);
  answers.resolve(undefined);
  await page.getByText('Listening.').waitFor();
  await expectQuiet();
});

// Providers that get no pushes, as people of the console find out: where they look first, with the reason and what
// to do. Against a whole server, and a service that refuses.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { broadcast, putConversation, registerDevice, say } from '../../platform/server/test/support/clinic.ts';
import { startPushReceiver, type PushReceiver } from '../../platform/server/test/support/push-receiver.ts';
import { join, type Person } from './support/console-server.ts';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';

let receiver: PushReceiver;
let viewer: Person;

beforeAll(async () => {
  receiver = await startPushReceiver();
});
afterAll(() => receiver.close());
const world = createConsoleUnderTest(() => ({ pushUrl: receiver.url, settings: { waitMs: 0 } }));
beforeAll(async () => {
  const { server, anna } = world;
  viewer = await join(anna, server, { email: 'vic@clinic.example', name: 'Vic', role: 'viewer' });
  await putConversation(server, 'c1', ['alice', 'bob']);
  await registerDevice(server, 'bob');
});

async function openOverview(opening?: Opening): Promise<Watched> {
  const watched = await world.openAt('/a/demo/overview', opening);
  await watched.page.locator('[data-tile]').first().waitFor();
  return watched;
}

const row = (page: Page) => page.locator('[data-provider="hook"]');

it('a provider that is refused is on the overview with its reason, and is resumed by who may', async () => {
  const { page, expectQuiet } = await openOverview();
  expect(await page.getByText('Pushes are held back').count()).toBe(0);
  receiver.answerAlways({ status: 401 });
  await say(world.server, 'c1', { from: 'alice' });

  // Whoever has it open sees it without doing anything.
  await row(page).waitFor({ timeout: 30_000 });
  await row(page).getByText('paused').waitFor();
  await row(page).getByText('HTTP 401').waitFor();
  await row(page)
    .getByText(/^began/)
    .locator('time')
    .waitFor();
  await row(page).getByText('refuses the credentials', { exact: false }).waitFor();

  const looking = await openOverview({ who: viewer });
  await row(looking.page).getByText('HTTP 401').waitFor();
  expect(await row(looking.page).getByRole('button').count()).toBe(0);
  await looking.expectQuiet();

  receiver.answerAlways({ status: 200 });
  await row(page).getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Pushes go through hook again.').waitFor();
  await row(page).waitFor({ state: 'detached' });
  await expectQuiet();
  const { tenant } = await world.anna.call<{ tenant: string }>('GET', '/apps/demo');
  const audit = await world.anna.call<{ items: { action: string }[] }>('GET', `/tenants/${tenant}/audit`);
  expect(audit.items.map(({ action }) => action)).toContain('provider.resume');
});

it('a provider whose service fails again and again is there with its next try, until it answers', async () => {
  const users = Array.from({ length: 12 }, (_, at) => `user-${at}`);
  for (const user of users) await registerDevice(world.server, user);
  const { page, expectQuiet } = await openOverview();
  receiver.answerAlways({ status: 503 });
  await broadcast(world.server, { kind: 'direct', audience: { users }, data: { title: 'Round at nine' } });

  await row(page).getByText('does not answer').waitFor({ timeout: 30_000 });
  await row(page).getByText('HTTP 503').waitFor();
  await row(page)
    .getByText(/^next try/)
    .locator('time')
    .waitFor();
  // It ends by itself.
  expect(await row(page).getByRole('button').count()).toBe(0);

  receiver.answerAlways({ status: 200 });
  await row(page).waitFor({ state: 'detached', timeout: 60_000 });
  await expectQuiet();
});

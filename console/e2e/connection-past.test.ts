// What a connection did, in its drawer: pages, policies, what was refused, what it had missed, and how it ended. Against
// a whole server, with real sockets.
import type { Page } from 'playwright';
import { afterEach, expect, it } from 'vitest';
import { SocketClient } from '../../platform/server/test/support/socket-client.ts';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';

const world = createConsoleUnderTest();
const { clients } = world;

afterEach(() => clients.closeAll());

const openDrawer = (id: string, opening?: Opening): Promise<Watched> =>
  world.openAt(`/a/demo/connections?open=${id}`, opening);
const drawerOf = (page: Page) => page.getByRole('complementary');
const entries = (page: Page): Promise<string[]> =>
  drawerOf(page)
    .getByRole('list', { name: 'History' })
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-past') ?? ''));

/** The next version of the policy of /ward, which no file declares. */
async function changeWard(ifVersion: number): Promise<void> {
  const policy = { pattern: '/ward', enabled: true, requireAuth: true, features: ['messaging'] };
  const changes = [{ op: 'put', ifVersion, policy: { ...policy, connectionType: `type-${ifVersion}` } }];
  await world.anna.call('POST', '/apps/demo/pages/changes', { changes });
}

it('the history of a connection has its pages, policies and refusals as they happen, and its end when it is over', async () => {
  await changeWard(0);
  const ann = await clients.connect({ userId: 'ann', page: '/ward' });
  await ann.ask('subscribe', { topic: 'of-nobody' });
  const { page, expectQuiet } = await openDrawer(ann.id);
  await drawerOf(page).getByRole('button', { name: 'History' }).click();
  await drawerOf(page).getByText('Connected on /ward').waitFor();
  await drawerOf(page).getByText('subscribe was refused').waitFor();
  await drawerOf(page).getByText('forbidden').waitFor();
  await changeWard(1);
  const changed = drawerOf(page).getByRole('listitem').filter({ hasText: 'Policy v2 of /ward reached it' });
  await changed.getByText('not confirmed').waitFor();
  await ann.ask('heartbeat', { policyVersion: 2 });
  await changed.getByText('confirmed after').waitFor();
  await ann.ask('page', { page: '/chat' });
  await drawerOf(page).getByText('Went to /chat').waitFor();
  expect(await entries(page)).toEqual(['page', 'policy', 'refused', 'connected']);
  await world.anna.call('DELETE', `/apps/demo/connections/${ann.id}`);
  const end = 'Closed: it was disconnected, or its user signed out';
  await drawerOf(page).getByRole('status').filter({ hasText: end }).waitFor();
  await drawerOf(page).getByText('What its node kept of it is gone with it.', { exact: false }).waitFor();
  expect(await entries(page)).toEqual(['closed', 'page', 'policy', 'refused', 'connected']);
  expect(await drawerOf(page).getByRole('button', { name: 'Disconnect' }).count()).toBe(0);
  // What its node said of it stays on the other tabs, too.
  await drawerOf(page).getByRole('button', { name: 'Facts' }).click();
  await drawerOf(page).getByText(end, { exact: false }).waitFor();
  await expectQuiet();
});

it('a connection that came back says how much had waited for it, and one that left is said to come back', async () => {
  await world.server.api('PUT', '/conversations/talk', { participants: [{ userId: 'ann' }, { userId: 'bob' }] });
  const message = { senderId: 'bob', type: 'text', content: { text: 'hello' } };
  for (let count = 0; count < 3; count += 1) await world.server.api('POST', '/conversations/talk/messages', message);
  const resume = [{ stream: 'c:talk', epoch: 'e1', seq: 1 }];
  const ann = await clients.connect({ userId: 'ann', page: '/chat', resume });
  const { page, expectQuiet } = await openDrawer(ann.id, { viewport: { width: 360, height: 740 } });
  await drawerOf(page).getByRole('button', { name: 'History' }).click();
  await drawerOf(page).getByText('Came back: 2 events had waited for it').waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  await ann.close();
  await drawerOf(page)
    .getByText(/^Closed: /)
    .first()
    .waitFor();
  await expectQuiet();
});

it('what a client says of itself stands there as it says it, the same words twice as well', async () => {
  const token = await world.server.tokenOf('ann');
  const device = { id: 'phone-1', type: 'mobile', platform: 'app 7', appVersion: '7' };
  const ann = clients.keep(await SocketClient.open(world.server));
  const { data } = await ann.ask('connect', { token, page: '/chat', device });
  const { page, expectQuiet } = await openDrawer(String(data['connectionId']));
  await drawerOf(page).getByRole('button', { name: 'History' }).click();
  await drawerOf(page).getByText('Connected on /chat').waitFor();
  expect(await drawerOf(page).getByText('app 7', { exact: true }).count()).toBe(2);
  await expectQuiet();
});

it('a connection that is gone before anybody looked has nothing to tell, and says so', async () => {
  const ann = await clients.connect({ userId: 'ann', page: '/chat' });
  await ann.close();
  const { page } = await openDrawer(ann.id, { allowed: /status of 404/ });
  await drawerOf(page).getByText('This connection is no more.').waitFor();
});

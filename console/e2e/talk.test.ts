// Conversations as people of the console see them: found, read, jumped through, changed; by role, and with whatever
// others wrote. Against a whole server.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { hostile, join } from './support/console-server.ts';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';
import { fillConversations } from './support/pictures-talk.ts';

const world = createConsoleUnderTest();

beforeAll(() => fillConversations(world.server));

const openAt = (path: string, opening?: Opening): Promise<Watched> =>
  world.openAt(`/a/demo/conversations${path}`, opening);

const log = (page: Page) => page.getByRole('region', { name: 'Messages of the conversation' });
const row = (page: Page, seq: number) => log(page).getByRole('row', { name: new RegExp(`^#${seq} `) });

async function readings(): Promise<number> {
  const path = `/tenants/${world.anna.tenant}/audit?action=conversation.read`;
  return (await world.anna.call<{ items: unknown[] }>('GET', path)).items.length;
}

it('a conversation is found by who is in it, read on purpose, and jumped through without reading all of it', async () => {
  const { page, expectQuiet } = await openAt('');
  await page.getByRole('searchbox').fill('carol');
  await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
  await expect.poll(() => page.url()).toContain('q=carol');
  await page.locator('[data-row]', { hasText: 'Consultation' }).click();
  // From its end, with who stands where.
  await row(page, 128).getByText('edited').waitFor();
  await row(page, 127).getByText('deleted').waitFor();
  await row(page, 125).getByText('▸ carol read').waitFor();
  await row(page, 128).getByText('▸ alice read').waitFor();
  expect(await page.getByText('how is the knee').count()).toBe(0);
  const before = await readings();
  await page.getByRole('button', { name: 'Show content' }).click();
  await row(page, 126).getByText('Line 126: how is the knee today?').waitFor();
  await expect.poll(readings).toBe(before + 1);
  await page.getByRole('textbox', { name: 'Go to message number' }).fill(':20');
  await page.keyboard.press('Enter');
  await row(page, 20).getByText('Line 20:').waitFor();
  await expect.poll(() => page.url()).toContain('at=20');
  expect(await log(page).getByRole('row').count()).toBeLessThan(60);
  expect(await readings()).toBe(before + 1);
  await row(page, 20).click();
  const drawer = page.getByRole('complementary', { name: '#20' });
  await drawer.getByText('"text": "Line 20').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await expectQuiet();
});

it('what is said and read while somebody looks is there by itself, in the log and in the list', async () => {
  const { api } = world.server;
  const post = (id: string, text: string) =>
    api('POST', `/conversations/${id}/messages`, { senderId: 'alice', type: 'text', content: { text } });
  for (const id of ['live-1', 'live-2']) {
    await api('PUT', `/conversations/${id}`, { title: `Talk ${id}`, participants: ['alice', 'bob'] });
    await post(id, 'first');
  }
  const { page, expectQuiet } = await openAt('/live-1');
  await row(page, 1).waitFor();
  await page.getByText(/^live \d+ ms$/).waitFor();
  // Nothing is read every few seconds in a tab that is hidden; it goes on being live for half a minute.
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
  });
  await post('live-1', 'second');
  await row(page, 2).waitFor();
  await api('POST', '/conversations/live-1/read', { userId: 'bob', seq: 2 });
  await row(page, 2).getByText('bob read').waitFor();
  await api('PUT', '/conversations/live-1/participants/cleo', {});
  await page.getByRole('button', { name: 'Take cleo out of the conversation' }).waitFor();
  await post('live-2', 'second');
  const list = page.getByRole('region', { name: 'Conversations' });
  await expect.poll(() => list.locator('[data-row="0"]').innerText()).toContain('Talk live-2');
  await expectQuiet();
});

it('a participant is taken out and a message deleted after being asked; the log and the others know at once', async () => {
  const { api } = world.server;
  await api('PUT', '/conversations/act', { title: 'To act on', participants: ['alice', 'bob'] });
  for (const text of ['first', 'second']) {
    await api('POST', '/conversations/act/messages', { senderId: 'alice', type: 'text', content: { text } });
  }
  const { page, expectQuiet } = await openAt('/act');
  await page.getByRole('button', { name: 'Take bob out of the conversation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await page.getByText('bob is no longer in the conversation.').waitFor();
  await page.getByRole('button', { name: 'Take bob out of the conversation' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Actions for the conversation' }).click();
  await page.getByRole('menuitem', { name: 'Add a participant' }).click();
  await page.getByLabel('User id').fill('cleo');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Take cleo out of the conversation' }).waitFor();
  await row(page, 1).click();
  await page.getByRole('complementary').getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete message' }).click();
  await page.getByText('Message #1 was deleted.').waitFor();
  await row(page, 1).getByText('deleted').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Send as system' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('The ward moves');
  await dialog.getByText('not connected').waitFor();
  await dialog.getByRole('button', { name: 'Send to 2 people' }).click();
  await row(page, 3).getByText('system', { exact: true }).waitFor();
  const people = await world.anna.call<{ items: { userId: string }[] }>(
    'GET',
    '/apps/demo/conversations/act/participants',
  );
  expect(people.items.map(({ userId }) => userId)).toEqual(['alice', 'cleo']);
  await expectQuiet();
});

it('many are shown as groups, with those behind a group', async () => {
  const { page, expectQuiet } = await openAt('/all-hands');
  await row(page, 3).getByText('▸ 60 read').waitFor();
  await page.getByRole('button', { name: /^at 2\s*30$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'read: at 2' });
  await dialog.getByRole('link', { name: 'nurse-060' }).waitFor();
  await dialog.getByRole('searchbox').fill('nurse-07');
  await expect.poll(() => dialog.getByRole('link').count()).toBe(10);
  await expectQuiet();
});

it('what others wrote is text, also where it is opened, and at 360 pixels', async () => {
  const { page, expectQuiet } = await openAt('/hostile', { viewport: { width: 360, height: 740 } });
  await page.getByRole('heading', { name: /onerror/ }).waitFor();
  await page.getByRole('button', { name: 'Show content' }).click();
  await row(page, 1).getByText('onerror=').waitFor();
  await row(page, 1).click();
  await page.getByRole('complementary').locator('pre').getByText('onerror=').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).not.toContain(hostile);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'People (1)' }).click();
  await page.getByRole('complementary', { name: 'People' }).getByRole('link', { name: 'mallory' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'All conversations' }).click();
  await page.getByRole('region', { name: 'Conversations' }).getByText('onerror').waitFor();
  await expectQuiet();
});

it('a viewer reads who and when, and neither what is said nor how to change it; another tenant’s is not there', async () => {
  const vera = await join(world.anna, world.server, { email: 'vera@clinic.example', name: 'Vera', role: 'viewer' });
  const { page, expectQuiet } = await openAt('/c1', { who: vera, allowed: /status of 404/ });
  await row(page, 126).getByText('58 characters of text').waitFor();
  expect(await page.getByRole('button', { name: 'Show content' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Send as system' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Take / }).count()).toBe(0);
  await row(page, 126).click();
  await page.getByRole('complementary').getByText('What messages say is hidden from you.').waitFor();
  expect(await page.getByRole('button', { name: 'Delete …' }).count()).toBe(0);
  await page.goto(`${world.server.url}/console/a/demo/conversations/nothing-of-this-id`);
  await page.getByText('There is no such conversation.').waitFor();
  await expectQuiet();
});

it('the playground is shared by its address, has visitors and a second device, and stays off in a protected app', async () => {
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, {
    template: 'chat',
    key: 'guarded',
    name: 'Guarded',
  });
  const { version } = await world.anna.call<{ version: number }>('GET', '/apps/guarded');
  await world.anna.call('PATCH', '/apps/guarded', { protected: true }, { 'If-Match': `"v${version}"` });
  const dev = await join(world.anna, world.server, { email: 'dev@clinic.example', name: 'Dev', role: 'developer' });
  const first = await openAt('/../../guarded/playground', { who: dev });
  await first.page.getByText('Somebody with the role admin can turn it on').waitFor();
  expect(await first.page.getByRole('button', { name: 'Say hello' }).count()).toBe(0);
  await first.expectQuiet();

  const { page, expectQuiet } = await openAt('/../../guarded/playground?left=ann&right=ben&leftPage=/chat');
  await page.getByRole('button', { name: 'Turn on for one hour' }).click();
  await page.getByRole('button', { name: 'Say hello' }).click();
  const [ann, ben] = ['Ann', 'Ben'].map((name) => page.getByRole('region', { name, exact: true }));
  await ben?.getByText('Hello, Ben!').waitFor();
  await ben?.getByRole('tab', { name: 'Devices' }).click();
  await ben?.getByRole('button', { name: 'Open a second device' }).click();
  await ben?.getByText('second', { exact: true }).waitFor();
  await ann?.getByLabel('As visitor').check();
  await ann?.getByText('Connects without a token').waitFor();
  await expect.poll(() => ann?.getByPlaceholder('Write a message…').isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Share' }).click();
  const address = new URL(await page.getByRole('dialog').locator('bdi').innerText());
  expect(Object.fromEntries(address.searchParams)).toMatchObject({ left: 'ann', right: 'ben', leftPage: '/chat' });
  expect(address.href).not.toMatch(/token|eyJ/);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await expectQuiet();

  // The pretend phone is asked each second what it was shown: not once more, however long turning off takes.
  await page.route(/guarded\/playground(\?|$)/, async (route) => {
    const response = await route.fetch();
    await sleep(1500);
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByRole('button', { name: 'Turn on for one hour' }).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await expectQuiet();
});

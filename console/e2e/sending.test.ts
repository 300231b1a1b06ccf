// Kinds and Broadcast, by people of the console: a kind is added, changed and taken away; what a broadcast would do
// is seen before it is sent, and is what it then does. Against a whole server, with real sockets.
import type { Page } from 'playwright';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { SocketClient } from '../../platform/server/test/support/socket-client.ts';
import { hostile, join, type Person } from './support/console-server.ts';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';

const world = createConsoleUnderTest();
const { clients } = world;
let dev: Person;

beforeAll(async () => {
  dev = await join(world.anna, world.server, { email: 'dev@clinic.example', name: 'Dev', role: 'developer' });
});
afterEach(() => clients.closeAll());

const openAt = (path: string, { app = 'demo', ...opening }: Opening & { app?: string } = {}): Promise<Watched> =>
  world.openAt(`/a/${app}${path}`, opening);

const row = (page: Page, text: string) => page.locator('[data-row]', { hasText: text });
/** What a table says of everybody, in its words. */
const told = (page: Page) => page.locator('[data-row]').allInnerTexts();

it('a kind is added with what it does in sentences, changed, and taken away after what names it', async () => {
  const { page, expectQuiet } = await openAt('/kinds');
  await row(page, 'system_notification').waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Name', { exact: true }).fill('scan');
  await page.getByLabel('Action', { exact: true }).fill('scan_ready');
  const words = page.getByRole('region', { name: 'In words' });
  await words.getByText('It waits in the inbox of whoever is away.').waitFor();
  await page.getByRole('radio', { name: /^Topic/ }).check();
  await words.getByText('Reaches every device of whoever listens to the topic at once.').waitFor();
  await words.getByText('Nobody gets a push.').waitFor();
  await page.getByRole('radio', { name: /^Named users/ }).check();
  await page.getByLabel('Priority').selectOption('urgent');
  await words.getByText('Urgent passes quiet hours; mutes hold it back.').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  await expect.poll(() => page.url()).toContain('kind=scan');

  const mapping = "{ 'kind': 'scan', 'audience': { 'users': ['ann'] }, 'data': {} }";
  expect((await world.server.api('PUT', '/hooks/scanner', { mapping })).status).toBeLessThan(300);
  await world.server.api('POST', '/broadcasts', {
    kind: 'scan',
    audience: { users: ['ann'] },
    data: { title: 'Ready' },
  });
  await page.getByRole('link', { name: 'All kinds' }).click();
  await expect.poll(() => row(page, 'scan_ready').innerText()).toMatch(/urgent[\s\S]*1$/);
  await row(page, 'scan_ready').click();
  await page.getByRole('button', { name: 'Remove kind' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 hook names it: scanner').waitFor();
  await dialog.getByText('1 broadcast in the last 24 hours.').waitFor();
  await dialog.getByRole('button', { name: 'Remove kind' }).click();
  await page.getByText('scan was removed').waitFor();
  await row(page, 'system_notification').waitFor();
  expect(await row(page, 'scan_ready').count()).toBe(0);
  await expectQuiet();
});

it('a built-in kind is read, copied, and tried; one of the provisioning file is locked', async () => {
  const { page, expectQuiet } = await openAt('/kinds/edit?kind=direct');
  await page.getByText('This kind is built in and cannot be changed.').waitFor();
  expect(await page.getByLabel('Action', { exact: true }).getAttribute('readonly')).not.toBeNull();
  await page.getByRole('link', { name: 'Copy as new' }).click();
  await expect.poll(() => page.getByLabel('Action', { exact: true }).inputValue()).toBe('direct_message');
  await page.goto(`${world.server.url}/console/a/demo/kinds/edit?kind=lab_result`);
  await page.getByText('This kind is declared in the provisioning file').waitFor();
  expect(await page.getByRole('button', { name: 'Remove kind' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect.poll(() => page.getByLabel('Kind', { exact: true }).inputValue()).toBe('lab_result');
  await expectQuiet();
});

it('by keyboard alone, who would get it is seen, and is who then got it', async () => {
  const seer = await clients.connect({ userId: 'seer', page: '/chat' });
  for (const deviceId of ['at-home', 'at-work']) {
    await clients.connect({ userId: 'hidden', deviceId, page: '/chat', visible: false });
  }
  const { page, expectQuiet } = await openAt('/broadcast?kind=direct', { who: dev });
  await page.getByText('at least one user').waitFor();
  await page.getByLabel(/^Title/).focus();
  await page.keyboard.type(hostile);
  await page.getByLabel('Add users').focus();
  for (const user of ['seer', 'hidden', 'gone', hostile.replaceAll('\n', ' ').slice(0, 60)]) {
    await page.keyboard.type(user);
    await page.keyboard.press('Enter');
  }
  await page.getByText('4 recipients').waitFor();
  const numbers = page.locator('dl dd');
  expect(await numbers.allInnerTexts()).toEqual(['1', '1', '2']);
  // People and their tabs are told apart.
  await page.getByRole('button', { name: 'gets it at once 2 people · 3 tabs' }).waitFor();
  await page.getByText('Shown whole by').waitFor();
  const before = await told(page);
  await page.getByRole('button', { name: 'Send to 4 people' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Sent to 4 people').waitFor();
  const { data, stream = '', seq = 0 } = await seer.event('direct_message');
  expect(data).toMatchObject({ title: hostile });
  await row(page, 'seer').waitFor();
  const after = (await told(page)).map((text) => text.replace('sent, not acknowledged', 'gets it at once'));
  expect(after).toEqual(before);
  expect(await page.getByRole('link', { name: 'Open the journey' }).getAttribute('href')).toMatch(
    /\/messages\/[\w-]{36}$/,
  );
  // It fills in while one looks.
  await seer.ack(stream, seq);
  await row(page, 'seer').getByText('seen').waitFor();
  await expectQuiet();
});

it('more people than a developer may reach are refused in words, before and by the server', async () => {
  const many = Array.from({ length: 101 }, (_, at) => `many-${at}`);
  const { page, expectQuiet } = await openAt('/broadcast?kind=direct', { who: dev });
  await page.getByLabel(/^Title/).fill('To all of you');
  await page.getByLabel('Add users').fill(many.join('\n'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Your role reaches at most 100 people; this has 101.').waitFor();
  expect(await page.getByRole('button', { name: 'Send to 101 people' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Remove many-0', exact: true }).click();
  await page.getByRole('button', { name: 'Send to 100 people' }).click();
  await page.getByText('Sent to 100 people').waitFor();
  // Used again, it is another broadcast.
  await page.getByRole('button', { name: 'Recent broadcasts' }).click();
  await page.getByRole('menuitem', { name: 'direct, to 100' }).click();
  await page.getByRole('button', { name: 'Send to 100 people' }).click();
  await page.getByText('Sent to 100 people').waitFor();
  await expectQuiet();
  const inbox = await world.server.api('GET', '/inbox/messages?userId=many-1');
  expect(inbox.body['events']).toHaveLength(2);
});

it('in a protected app everyone is told after the number was typed', async () => {
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, { template: 'chat', key: 'ward', name: 'Ward' });
  const { token } = await world.anna.call<{ token: string }>('POST', '/apps/ward/tokens', { userId: 'one' });
  const { version } = await world.anna.call<{ version: number }>('GET', '/apps/ward');
  await world.anna.call('PATCH', '/apps/ward', { protected: true }, { 'If-Match': `"v${version}"` });
  const client = await SocketClient.open(world.server, 'ward');
  await client.ask('connect', { token, page: '/chat', device: { id: 'd', type: 'desktop' }, visible: true });
  const { page, expectQuiet } = await openAt('/broadcast?kind=announcement', { app: 'ward' });
  await page.getByLabel(/^Title/).fill('We close');
  await page.getByRole('radio', { name: /^Everyone/ }).check();
  const send = page.getByRole('button', { name: 'Send to 1 person' });
  await send.waitFor();
  expect(await send.isDisabled()).toBe(true);
  await page.getByLabel('Type 1 to confirm').fill('1');
  await send.click();
  await page.getByText('Sent to 1 person').waitFor();
  await client.end();
  await expectQuiet();
});

it('of more than ten thousand who are connected nothing is worked out before somebody asks', async () => {
  const { page, requests, expectQuiet } = await openAt('/kinds');
  const usage = { connections: 12_000, users: 12_000, uploads: { count: 0, bytes: 0 } };
  await page.route('**/apps/demo/usage', (route) => route.fulfill({ json: usage }));
  await page.getByRole('link', { name: 'Broadcast' }).click();
  await page.getByLabel('Kind', { exact: true }).selectOption('announcement');
  await page.getByRole('radio', { name: /^Everyone/ }).check();
  await page.getByLabel(/^Title/).fill('We close');
  await page.getByText('12,000 users are connected.').waitFor();
  const asked = () => requests.filter((url) => url.includes('/explain')).length;
  expect(asked()).toBe(0);
  await page.getByRole('button', { name: 'Work it out' }).click();
  await page.getByText('Nobody would get this now').waitFor();
  expect(asked()).toBe(1);
  await expectQuiet();
});

it('on a phone it is three steps, and what is wrong with the content stands at its field', async () => {
  const { page, expectQuiet } = await openAt('/broadcast?kind=message&conversation=c9', {
    ...{ viewport: { width: 360, height: 740 }, allowed: /status of (422|404)/ },
  });
  await world.server.api('PUT', '/conversations/c9', { participants: [{ userId: 'ann' }, { userId: 'ben' }] });
  await page.getByLabel('Sender').fill('ann');
  await page.getByLabel('text', { exact: true }).fill('Hello');
  expect(await page.getByLabel('Conversation', { exact: true }).isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await page.getByLabel('Conversation', { exact: true }).inputValue()).toBe('c9');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Send to 1 person' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.getByRole('button', { name: '1 What' }).click();
  await page.getByText('JSON', { exact: true }).click();
  await page.getByLabel('content', { exact: true }).fill('{"text": 7}');
  await expect.poll(() => page.getByLabel('content', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await expectQuiet();
});

// What became of messages, as people of the console find it: in the list, on the page of one, and from a person.
// Against a whole server, with real sockets and providers that refuse.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { broadcast, putConversation, say } from '../../platform/server/test/support/clinic.ts';
import { hostile, join } from './support/console-server.ts';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import { fillWard, sayToMany, startServices, withServices, type Services } from './support/message-crowd.ts';
import { countSteps } from './support/counted-steps.ts';
import type { Watched } from './support/watched-page.ts';

let services: Services;
/** To people each of whom it became something else for. */
let ward: string;

beforeAll(async () => {
  services = await startServices();
});
afterAll(() => services.close());
const world = createConsoleUnderTest(() => withServices(services));
const { clients } = world;
beforeAll(async () => {
  ward = (await fillWard(world.server, clients)).messageId;
});

const openAt = (path: string, opening?: Opening): Promise<Watched> => world.openAt(`/a/demo${path}`, opening);

it('a message is found by what became of it, opened, and fills in while it is watched', async () => {
  await putConversation(world.server, 'watched', ['wanda', 'will']);
  const will = await clients.connect({ userId: 'will', page: '/chat' });
  const { page, expectQuiet } = await openAt('/messages?state=failed');
  await page.locator('[data-row]', { hasText: 'ward' }).getByText('credentials refused').waitFor();
  expect(await page.locator('[data-row]').count()).toBe(1);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  // What comes while one looks is in the list by itself.
  const { messageId, seq } = await say(world.server, 'watched', { from: 'wanda' });
  await page.locator('[data-row]', { hasText: 'watched' }).click();
  await page.getByRole('heading', { name: 'What happened when' }).waitFor();
  await expect.poll(() => page.url()).toContain(messageId);
  expect(await page.title()).toBe('Message · Demo · Belfry');
  const axis = page.locator('[data-axis]');
  await axis.getByText('first written').waitFor();
  expect(await axis.getByText('first seen').count()).toBe(0);
  await page.getByText(/^live \d+ ms$/).waitFor();
  await page.locator('[data-user=will]').getByText('sent, not acknowledged').waitFor();
  await will.ack('c:watched', seq);
  await page.locator('[data-user=will]').getByText('seen', { exact: true }).waitFor();
  await axis.getByText('first seen').waitFor();
  const places = await axis.locator('li').allInnerTexts();
  const words = places.map((text) => text.split('\n').at(-1)).filter((text) => text !== '');
  expect(words.indexOf('accepted')).toBe(0);
  expect(words.indexOf('first seen')).toBeGreaterThan(words.indexOf('first written'));
  await expectQuiet();
});

it('of a message to 1,500 people there are counts, and the page says why; one of them is found as of now', async () => {
  const { page, expectQuiet } = await openAt(`/messages/${await sayToMany(world.server)}`);
  await page.locator('[data-counts]').getByText('1500').first().waitFor();
  await page.getByText('More than 1000 people: what became of it is counted').waitFor();
  await page.getByRole('searchbox', { name: 'Find a recipient' }).fill('crowd-7');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  const now = page.getByRole('region', { name: 'Now, not then' });
  await now.getByText('not connected').waitFor();
  await expectQuiet();
});

/** Each is three steps from anywhere: the palette, the name, the decision. */
const causes: [who: string, sentence: RegExp | string, link: string, address: RegExp][] = [
  [
    'shop',
    'The page was under the policy /shop v1, which has none of: messaging.',
    'Policy as it was',
    /pattern=%2Fshop&version=1/,
  ],
  [
    'hidden',
    'The provider says that the target no longer exists; the device was removed.',
    'Push targets',
    /users\/hidden\?tab=push/,
  ],
  [
    'paused',
    'The provider refused the credentials, and is paused until they are mended.',
    'Push targets',
    /users\/paused\?tab=push/,
  ],
  ['muted', /muted had muted this conversation until \d\d:\d\d\./, 'Preferences', /users\/muted\?tab=preferences/],
  ['away', 'The user has no push target, so nothing could be pushed.', 'Push targets', /users\/away\?tab=push/],
];

it('why somebody did not get it is said in a sentence, with the way to what decided, whatever the cause', async () => {
  const { page, expectQuiet } = await openAt('/overview');
  await page.locator('[data-tile]').first().waitFor();
  for (const [who, sentence, link, address] of causes) {
    const steps = await countSteps(page);
    await page.keyboard.press('Control+k');
    await page.locator('[role=dialog] input:focus').waitFor();
    await page.keyboard.type(who);
    await page.getByRole('option', { name: who, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: who, exact: true }).waitFor();
    await page.getByRole('button', { name: /message in ward from nurse/ }).click();
    await page.locator('main p', { hasText: sentence }).first().waitFor();
    // The palette, the name, the decision.
    expect(await steps()).toEqual({ keys: 2, clicks: 1 });
    const own = page.getByRole('tabpanel');
    expect(await own.getByRole('link', { name: link, exact: true }).first().getAttribute('href')).toMatch(address);
  }
  await page.getByRole('link', { name: 'To the journey' }).click();
  await page.locator('[data-user=away][aria-expanded=true]').waitFor();
  await expect.poll(() => page.url()).toContain(ward);
  // What became of the last push stands beside its target.
  await page.goto(`${world.server.url}/console/a/demo/users/pushed?tab=push`);
  await page.getByRole('row').filter({ hasText: 'hook' }).getByText('taken by the provider').waitFor();
  await expectQuiet();
});

it('n and p go through those who did not get it; raw answers, the table and the test are at hand', async () => {
  const { page, expectQuiet } = await openAt(`/messages/${ward}`);
  await page.locator('[data-user]').first().waitFor();
  const openOne = (): Promise<string | null> =>
    page.locator('[data-user][aria-expanded=true]').first().getAttribute('data-user');
  await page.keyboard.press('n');
  await page.locator('[data-user][aria-expanded=true]').waitFor();
  const first = await openOne();
  await page.keyboard.press('n');
  await expect.poll(openOne).not.toBe(first);
  await page.keyboard.press('p');
  await expect.poll(openOne).toBe(first);
  await expect.poll(() => page.url()).toContain(`user=${String(first)}`);
  await page.getByRole('searchbox', { name: 'Find a recipient' }).fill('pushed');
  await page.locator('[data-user=pushed]').click();
  await page.getByText(/Attempt 1, .*taken/).click();
  await page.getByText('Taken by the provider is not shown').waitFor();
  await page.getByRole('button', { name: 'As table' }).click();
  await page.getByRole('cell', { name: 'muted by the user' }).waitFor();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Copy as a test' }).click();
  await page.getByText('Copied: what became of it').waitFor();
  await expectQuiet();
});

it('what would be decided now is set beside what was, and it is sent again to those it did not reach', async () => {
  const viewer = await join(world.anna, world.server, { email: 'vera@clinic.example', name: 'Vera', role: 'viewer' });
  const watching = await openAt(`/messages/${ward}?user=muted`, { who: viewer });
  await watching.page.locator('[data-user=muted][aria-expanded=true]').waitFor();
  expect(await watching.page.getByRole('button', { name: /^Resend/ }).count()).toBe(0);
  await world.server.api('PUT', '/users/muted/preferences', { conversations: { ward: null } });
  const { page, expectQuiet } = await openAt(`/messages/${ward}?user=muted`);
  await page.getByRole('button', { name: 'Explain again' }).click();
  await page.getByText(/^Sent now, it would be decided otherwise for/).waitFor();
  const now = page.getByRole('region', { name: 'Now, not then' });
  await now.getByText('otherwise now').waitFor();
  await now.getByText('about to be pushed').waitFor();
  await page.getByRole('button', { name: /^Resend/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Send it again to 4 people?').waitFor();
  expect(await dialog.getByText('muted').count()).toBe(0);
  for (const who of ['hidden', 'paused', 'shop']) await dialog.getByRole('checkbox', { name: who }).uncheck();
  await dialog.getByRole('button', { name: 'Send to 1 person' }).click();
  await page.getByText('Sent again from').waitFor();
  await page.getByRole('heading', { name: '1 recipient' }).waitFor();
  await page.locator('[data-user=away]').waitFor();
  await expectQuiet();
});

it('whatever people are called, it is shown as text', async () => {
  const name = hostile.slice(0, 100);
  await broadcast(world.server, {
    kind: 'direct',
    audience: { users: [name] },
    data: { title: hostile },
    sender: name,
  });
  const { page, expectQuiet } = await openAt(`/messages?user=${encodeURIComponent(name)}`);
  const row = page.locator('[data-row]', { hasText: '<img src=x' });
  await row.waitFor();
  await row.click();
  await page.locator('[data-user]', { hasText: '<img src=x' }).click();
  await page.getByText('In open pages').waitFor();
  expect(await page.locator('main img').count()).toBe(0);
  expect(await page.title()).toBe('Message · Demo · Belfry');
  await expectQuiet();
});

it('a viewer gets nothing of what messages say, on no screen and in no file; a developer on purpose, with one mark in the audit', async () => {
  const said = 'the diagnosis of room seven';
  const viewer = await join(world.anna, world.server, { email: 'val@clinic.example', name: 'Val', role: 'viewer' });
  await putConversation(world.server, 'private', ['dora', 'dan']);
  const dan = await clients.connect({ userId: 'dan', page: '/chat' });
  const { messageId } = await say(world.server, 'private', { from: 'dora', text: said });
  const { page, context, expectQuiet } = await openAt('/messages?conversation=private', { who: viewer });
  const heard: Promise<string>[] = [];
  context.on('response', (response) => {
    if (response.url().includes('/admin/api/')) heard.push(response.text().catch(() => ''));
  });
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => heard.push(Promise.resolve(payload.toString())));
  });
  await page.locator('[data-row]', { hasText: 'private' }).click();
  await page.locator('[data-user=dan]').click();
  await page.getByText('In open pages').waitFor();
  await page.getByText('What messages say is hidden from you.').waitFor();
  await page.goto(`${world.server.url}/console/a/demo/users/dan`);
  await page.getByRole('button', { name: /message in private from dora/ }).click();
  await page.getByRole('link', { name: 'To the journey' }).waitFor();
  await page.goto(`${world.server.url}/console/a/demo/connections?user=dan&open=${dan.id}`);
  const drawer = page.getByRole('complementary');
  await drawer.getByRole('button', { name: 'Frames' }).click();
  await drawer.getByText('Listening.').waitFor();
  expect(await page.getByRole('button', { name: 'Show content' }).count()).toBe(0);
  await say(world.server, 'private', { from: 'dora', text: said });
  await drawer.getByText('new_message').waitFor();
  await page.goto(`${world.server.url}/console/a/demo/live`);
  await page.getByText('Listening.').waitFor();
  await say(world.server, 'private', { from: 'dora', text: said });
  await page.locator('main li', { hasText: 'new_message' }).first().click();
  await drawer.locator('pre').waitFor();
  for (const list of ['journeys', 'connections', 'users']) {
    for (const format of ['csv', 'ndjson']) {
      const answer = await context.request.get(`${world.server.url}/admin/api/apps/demo/${list}?format=${format}`);
      expect(answer.status()).toBe(200);
      heard.push(answer.text());
    }
  }
  const all = await Promise.all(heard);
  expect(all.some((text) => text.includes(messageId))).toBe(true);
  expect(all.filter((text) => text.includes('diagnosis'))).toEqual([]);
  await expectQuiet();

  const dev = await join(world.anna, world.server, { email: 'dev@clinic.example', name: 'Dev', role: 'developer' });
  const opening = await openAt(`/connections?user=dan&open=${dan.id}`, { who: dev });
  const shown = opening.page.getByRole('complementary');
  await shown.getByRole('button', { name: 'Frames' }).click();
  await shown.getByRole('button', { name: 'Show content' }).click();
  await shown.getByRole('button', { name: 'Show content' }).waitFor({ state: 'detached' });
  await shown.getByText('Listening.').waitFor();
  await say(world.server, 'private', { from: 'dora', text: said });
  await shown.getByText(said).first().waitFor();
  const tenant = (await world.anna.call<{ tenant: string }>('GET', '/apps/demo')).tenant;
  const openers = async (action: string): Promise<string[]> => {
    const path = `/tenants/${tenant}/audit?action=${action}`;
    const { items } = await world.anna.call<{ items: { actor: { name: string } }[] }>('GET', path);
    return items.map(({ actor }) => actor.name);
  };
  expect(await openers('connection.frames')).toEqual(['Dev']);
  await opening.page.goto(`${world.server.url}/console/a/demo/messages/${messageId}`);
  const content = opening.page.getByRole('region', { name: 'Content' });
  await content.getByText(`${said.length} characters of text`).waitFor();
  expect(await openers('conversation.read')).toEqual([]);
  await content.getByRole('button', { name: 'Show content' }).click();
  await content.getByText(said, { exact: true }).waitFor();
  expect(await openers('conversation.read')).toEqual(['Dev']);
});

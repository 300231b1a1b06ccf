// Notifications in a real browser, as far as there is one without a push service: the messages are handed to the worker by the browser's own test interface.
import type { CDPSession } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser, type WatchedPage } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;
let watched: WatchedPage;
let deliver: (payload: unknown) => Promise<unknown>;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest(), launchBrowser()]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

beforeEach(async () => {
  const profile = await browser.newProfile({ permissions: ['notifications'] });
  watched = await profile.newPage();
  const { page } = watched;
  await page.goto(`${clinic.origin}/login`);
  const session = await page.context().newCDPSession(page);
  const registered = registrationId(session);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/belfry-service-worker.js?open=/doctor/chat?c={conversationId}');
    await navigator.serviceWorker.ready;
  });
  const id = await registered;
  deliver = (payload) =>
    session.send('ServiceWorker.deliverPushMessage', {
      origin: clinic.origin,
      registrationId: id,
      data: JSON.stringify(payload),
    });
});

function registrationId(session: CDPSession): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const [first] = registrations;
    if (first !== undefined) resolve(first.registrationId);
  });
  return session.send('ServiceWorker.enable').then(() => promise);
}

/** As the server's provider `webpush` sends it. */
const pushed = (number: number) => ({
  type: 'push',
  title: 'Mei Wang',
  body: `Message ${number}`,
  count: 1,
  collapseKey: 'lin-mei',
  priority: 'normal',
  data: { conversationId: 'lin-mei', seq: number, messageIds: [`m-${number}`], action: 'open_conversation' },
});

const shown = () =>
  watched.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
  });

/** As the SDK in a page tells it. */
const read = (conversationId: string, seq: number) =>
  watched.page.evaluate(
    async (message) => {
      const { active } = await navigator.serviceWorker.ready;
      active?.postMessage(message);
    },
    { type: 'belfry:read', conversationId, seq },
  );

describe('the service worker', () => {
  it('shows what it is pushed, one notification for a conversation, and takes it back', async () => {
    await deliver(pushed(1));
    await expect.poll(shown).toEqual(['Mei Wang: Message 1']);
    await deliver(pushed(2));
    await expect.poll(shown).toEqual(['Mei Wang: 2 new: Message 2']);
    await deliver({ type: 'clear', collapseKey: 'lin-mei' });
    await expect.poll(shown).toEqual([]);
  });

  it('takes away what was read in a page, and leaves what came after it', async () => {
    await deliver(pushed(7));
    await deliver({
      ...pushed(3),
      title: 'Tom Baker',
      collapseKey: 'lin-tom',
      data: { conversationId: 'lin-tom', seq: 3 },
    });
    await expect.poll(shown).toHaveLength(2);
    await read('lin-mei', 6);
    await read('lin-tom', 3);
    await expect.poll(shown).toEqual(['Mei Wang: Message 7']);
    await read('lin-mei', 7);
    await expect.poll(shown).toEqual([]);
    expect(watched.errors).toEqual([]);
  });
});

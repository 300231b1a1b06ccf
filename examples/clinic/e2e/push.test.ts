// Notifications in a real browser without a real push service: a stand-in takes the server's pushes, and the
// messages are handed to the worker by the browser's own test interface.
import type { Journey } from '@belfry/protocol';
import type { CDPSession, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startPushService,
  type StandInPushService,
  type Subscription,
} from '../../../plugins/notify-webpush/test/push-service.ts';
import { launchBrowser, type TestBrowser, type WatchedPage } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn } from './support/clinic-window.ts';

let service: StandInPushService;
let clinic: ClinicUnderTest;
let browser: TestBrowser;

beforeAll(async () => {
  service = await startPushService();
  [clinic, browser] = await Promise.all([startClinicUnderTest({ pushService: service.host }), launchBrowser()]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
  await service.close();
});

type Deliver = (payload: unknown) => Promise<unknown>;

/**
 * Resolves once a page of the clinic has registered the worker; the result hands messages to it as the
 * browser does.
 */
async function delivering(page: Page): Promise<() => Promise<Deliver>> {
  const session = await page.context().newCDPSession(page);
  const registered = registrationId(session);
  return async () => {
    const id = await registered;
    return (payload) =>
      session.send('ServiceWorker.deliverPushMessage', {
        origin: clinic.origin,
        registrationId: id,
        data: JSON.stringify(payload),
      });
  };
}

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

const shownIn = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
  });

/**
 * Sent again where it was lost, as a push service does: the test interface drops messages for a worker that
 * is just being started. A double is shown once.
 */
async function deliverUntil(page: Page, deliver: () => Promise<unknown>, shown: unknown): Promise<void> {
  const deliverAndLook = async (): Promise<unknown> => {
    await deliver();
    return await shownIn(page);
  };
  await expect.poll(deliverAndLook, { interval: 1000 }).toEqual(shown);
}

describe('the service worker', () => {
  let watched: WatchedPage;
  let deliver: Deliver;
  const shown = () => shownIn(watched.page);
  const pushUntil = (payload: unknown, texts: unknown) => deliverUntil(watched.page, () => deliver(payload), texts);

  /** As the SDK in a page sends it. */
  const read = (conversationId: string, seq: number) =>
    watched.page.evaluate(
      async (message) => {
        const { active } = await navigator.serviceWorker.ready;
        active?.postMessage(message);
      },
      { type: 'belfry:read', conversationId, seq },
    );

  beforeEach(async () => {
    const profile = await browser.newProfile({ permissions: ['notifications'] });
    watched = await profile.newPage();
    await watched.page.goto(`${clinic.origin}/login`);
    const ready = await delivering(watched.page);
    await watched.page.evaluate(async () => {
      await navigator.serviceWorker.register('/belfry-service-worker.js?open=/doctor/chat?c={conversationId}');
      await navigator.serviceWorker.ready;
    });
    deliver = await ready();
  });

  it('shows its pushes, one notification for a conversation, and takes them back', async () => {
    await pushUntil(pushed(1), ['Mei Wang: Message 1']);
    await pushUntil(pushed(2), ['Mei Wang: 2 new: Message 2']);
    await pushUntil({ type: 'clear', collapseKey: 'lin-mei' }, []);
  });

  it('takes away notifications of messages that were read in a page, and leaves later ones', async () => {
    await pushUntil(pushed(7), ['Mei Wang: Message 7']);
    const ofTom = { collapseKey: 'lin-tom', data: { conversationId: 'lin-tom', seq: 3 } };
    const both = ['Mei Wang: Message 7', 'Tom Baker: Message 3'];
    await pushUntil({ ...pushed(3), title: 'Tom Baker', ...ofTom }, expect.arrayContaining(both));
    expect(await shown()).toHaveLength(2);
    await read('lin-mei', 6);
    await read('lin-tom', 3);
    await expect.poll(shown).toEqual(['Mei Wang: Message 7']);
    await read('lin-mei', 7);
    await expect.poll(shown).toEqual([]);
    expect(watched.errors).toEqual([]);
  });
});

describe('the switch', () => {
  it('subscribes the browser, which then is pushed to, and a click leads to the conversation', async () => {
    const profile = await browser.newProfile({ permissions: ['notifications'] });
    const { page, errors } = await signIn(clinic, profile, 'dr-lin');
    const { subscription } = await subscribeAt(service, page);
    const ready = await delivering(page);

    await page.getByRole('button', { name: 'Notify me in this browser' }).click();
    await page.getByRole('button', { name: 'No more notifications in this browser' }).waitFor();
    const deliver = await ready();

    // Still in the browser, but on no page that connects: nobody is there to acknowledge.
    await page.goto(`${clinic.origin}/icon.svg`);
    const connections = async () => (await clinic.api<{ devices: unknown[] }>('GET', '/users/dr-lin/devices')).devices;
    await expect.poll(connections).toEqual([]);
    const { messageId } = await clinic.api<{ messageId: string }>('POST', '/chat/lin-mei/send', {
      senderId: 'mei-wang',
      type: 'text',
      content: { text: 'Are you there?' },
    });
    const browserOfLin = await subscription;
    await expect.poll(() => service.received(browserOfLin)).toHaveLength(1);
    const [push] = service.received(browserOfLin);
    await deliverUntil(page, () => deliver(push), [expect.stringContaining('Are you there?')]);

    await page.context().serviceWorkers()[0]?.evaluate(clickTheFirst);
    await page.waitForURL(`${clinic.origin}/doctor/chat?c=lin-mei`);
    await expect.poll(() => pushReasons(messageId)).toEqual(['queued', 'accepted_by_provider', 'opened']);
    expect(errors).toEqual([]);
  });
});

/**
 * Replaces the browser's own push service, which cannot be reached from a test: subscriptions are those of
 * the stand-in. `subscription`: the first.
 */
async function subscribeAt(standIn: StandInPushService, page: Page): Promise<{ subscription: Promise<Subscription> }> {
  const { promise, resolve } = Promise.withResolvers<Subscription>();
  await page.exposeFunction('subscribeAtStandIn', async (vapidPublicKey: string) => {
    const subscription = await standIn.subscribe(vapidPublicKey);
    resolve(subscription);
    return subscription;
  });
  await page.evaluate(() => {
    const { subscribeAtStandIn } = globalThis as unknown as {
      subscribeAtStandIn: (key: string) => Promise<PushSubscriptionJSON>;
    };
    PushManager.prototype.subscribe = async function (options) {
      const bytes = new Uint8Array(options?.applicationServerKey as ArrayBuffer);
      const key = btoa(String.fromCharCode(...bytes))
        .replace(/\+/g, '-')
        .replace(/\//g, '_')
        .replace(/=+$/, '');
      const json = await subscribeAtStandIn(key);
      return { toJSON: () => json } as PushSubscription;
    };
  });
  return { subscription: promise };
}

/**
 * A real click on a notification comes from the system. A simulated one may not bring a window to the front,
 * so that is left out.
 */
const clickTheFirst = `(async () => {
  WindowClient.prototype.focus = async function () { return this; };
  const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent('notificationclick', { notification }));
})()`;

async function pushReasons(messageId: string): Promise<string[] | undefined> {
  const { recipients } = await clinic.api<Journey>('GET', `/messages/${messageId}/journey`);
  return recipients.find(({ userId }) => userId === 'dr-lin')?.push[0]?.steps.map(({ reason }) => reason);
}

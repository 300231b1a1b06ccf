// @vitest-environment happy-dom
// Web Push as a page meets it: every answer of browser and server, what is registered, and what happens while
// the page is open.
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBelfry, type FakeBelfry } from '../../test/fake-belfry.ts';
import { createBelfry } from '../create-belfry.ts';
import { keptRenewal } from './renewal-store.ts';
import { disablePush, enablePush, resumePush } from './index.ts';

const key = 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM';
const providers = [
  { id: 'hook', plugin: 'webhook', channel: 'webhook', public: {} },
  { id: 'browsers', plugin: 'webpush', channel: 'push', public: { vapidPublicKey: key } },
];

interface FakeSubscription {
  endpoint: string;
  options: { applicationServerKey: ArrayBuffer | null };
  toJSON(): object;
  unsubscribe(): Promise<boolean>;
}

/** Service worker, push and permission as a browser has them, as far as they are used. */
function createBrowser() {
  const posted: unknown[] = [];
  const listeners = new EventTarget();
  let count = 0;
  const browser = {
    posted,
    permission: 'granted',
    registered: [] as string[],
    subscription: null as FakeSubscription | null,
    /** As the worker says something to the page. */
    say(data: unknown, ports: { postMessage: (answer: unknown) => void }[] = []) {
      listeners.dispatchEvent(Object.assign(new Event('message'), { data, ports }));
    },
  };
  const registration = {
    scope: 'https://app.example/',
    active: { postMessage: (message: unknown) => void posted.push(message) },
    pushManager: {
      getSubscription: async () => browser.subscription,
      async subscribe({ applicationServerKey }: { applicationServerKey: Uint8Array<ArrayBuffer> }) {
        const endpoint = `https://push.example/${++count}`;
        browser.subscription = {
          endpoint,
          options: { applicationServerKey: applicationServerKey.buffer },
          toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
          unsubscribe: async () => {
            browser.subscription = null;
            return true;
          },
        };
        return browser.subscription;
      },
    },
  };
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: {
      async register(address: URL) {
        browser.registered.push(address.href);
        return registration;
      },
      getRegistration: async () => registration,
      addEventListener: listeners.addEventListener.bind(listeners),
      removeEventListener: listeners.removeEventListener.bind(listeners),
    },
  });
  vi.stubGlobal('PushManager', Object);
  vi.stubGlobal('Notification', {
    requestPermission: async () => browser.permission,
    get permission() {
      return browser.permission;
    },
  });
  return browser;
}

let browser: ReturnType<typeof createBrowser>;
let belfry: FakeBelfry;

beforeEach(() => {
  browser = createBrowser();
  belfry = fakeBelfry({ userId: 'bob', status: 'connected' });
  Object.assign(belfry.options, { url: 'https://belfry.example/' });
  belfry.answers = (path) => (path === '/push/providers' ? { providers } : { deviceId: 'd-9' });
});
afterEach(() => localStorage.clear());

const registrations = () => belfry.requests.filter(({ path, init }) => path === '/devices' && init?.body !== undefined);

describe('enabling', () => {
  test('subscribes with the key of the app and registers the device', async () => {
    expect(await enablePush(belfry, { open: '/chat/{conversationId}', icon: '/icon.png' })).toBe('enabled');

    expect(registrations().map(({ init }) => init?.body)).toMatchObject([
      {
        provider: 'browsers',
        target: browser.subscription?.toJSON(),
        deviceType: 'desktop',
        locale: navigator.language,
      },
    ]);
    const { pathname, searchParams } = new URL(browser.registered[0] ?? '');
    expect(pathname).toBe('/belfry-service-worker.js');
    expect(Object.fromEntries(searchParams)).toEqual({
      server: 'https://belfry.example',
      open: '/chat/{conversationId}',
      icon: '/icon.png',
    });
  });

  test('keeps for the service worker what exchanges a subscription without a page, until pushes are switched off', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    const registered = { deviceId: 'd-9', renewal: 'sealed' };
    belfry.answers = (path) => (path === '/push/providers' ? { providers } : registered);
    await enablePush(belfry);
    expect(await keptRenewal()).toMatchObject({ deviceId: 'd-9', credential: 'sealed' });
    await disablePush(belfry);
    expect(await keptRenewal()).toBeUndefined();
    vi.stubGlobal('indexedDB', undefined);
  });

  test.each([
    ['denied', 'denied'],
    ['default', 'dismissed'],
  ])('ends at the permission %s', async (permission, state) => {
    browser.permission = permission;
    expect(await enablePush(belfry)).toBe(state);
    expect([belfry.requests, browser.registered]).toEqual([[], []]);
  });

  test('says so where the browser has no push', async () => {
    vi.stubGlobal('Notification', undefined);
    Reflect.deleteProperty(globalThis, 'PushManager');
    expect(await enablePush(belfry)).toBe('unsupported');
  });

  test.each([
    ['has none configured', {}, [providers[0]]],
    ['has not the one that is named', { provider: 'other' }, providers],
  ])('says so where the app %s', async (_, options, answer) => {
    belfry.answers = () => ({ providers: answer });
    expect(await enablePush(belfry, options)).toBe('no_provider');
    expect(browser.subscription).toBeNull();
  });

  test('keeps a subscription for the same key, and replaces one for another', async () => {
    await enablePush(belfry);
    await enablePush(belfry);
    expect(browser.subscription?.endpoint).toBe('https://push.example/1');

    if (browser.subscription) browser.subscription.options.applicationServerKey = new ArrayBuffer(65);
    await enablePush(belfry);
    expect(browser.subscription?.endpoint).toBe('https://push.example/2');
  });

  test('rejects with the error of the server', async () => {
    belfry.answers = () => new Error('no network');
    await expect(enablePush(belfry)).rejects.toThrow('no network');
  });
});

test('the connection itself offers it', async () => {
  browser.permission = 'denied';
  const real = createBelfry({ app: 'demo', url: 'https://belfry.example' });
  expect(await real.enablePush()).toBe('denied');
  await real.stop();
});

describe('resuming', () => {
  test('asks for nothing and does nothing where pushes were never enabled', async () => {
    expect(await resumePush(belfry)).toBe('off');
    expect(belfry.requests).toEqual([]);
  });

  test('registers pushes again that were enabled in an earlier load of the page', async () => {
    await enablePush(belfry);
    expect(await resumePush(belfry)).toBe('enabled');
    expect(registrations()).toHaveLength(2);
  });

  test('does nothing when the permission was taken back', async () => {
    await enablePush(belfry);
    browser.permission = 'denied';
    expect(await resumePush(belfry)).toBe('off');
  });
});

describe('disabling', () => {
  test('ends the subscription and forgets the device, once', async () => {
    await enablePush(belfry);
    await disablePush(belfry);
    await disablePush(belfry);

    expect(browser.subscription).toBeNull();
    expect(belfry.requests.filter(({ init }) => init?.method === 'DELETE').map(({ path }) => path)).toEqual([
      '/devices/d-9',
    ]);
    expect(belfry.listeners()).toBe(0);
  });

  test('does not mind a device that the server has forgotten already', async () => {
    await enablePush(belfry);
    belfry.answers = () => Object.assign(new Error('gone'), { code: 'not_found' });
    await expect(disablePush(belfry)).resolves.toBeUndefined();
  });
});

describe('while the page is open', () => {
  const read = (userId: string) => ({
    action: 'read_status' as const,
    conversationId: 'c1',
    timestamp: '2026-01-01T00:00:00.000Z',
    data: { userId, seq: 7, messageIds: [] },
  });

  test('notifications that this user has read are taken off the screen, those that others have read are not', async () => {
    await enablePush(belfry);
    belfry.emit(read('alice'));
    belfry.emit(read('bob'));

    expect(browser.posted).toEqual([{ type: 'belfry:read', conversationId: 'c1', seq: 7 }]);
  });

  test('a click leads where the application wants it, and the worker hears that the page does it', async () => {
    const went: unknown[] = [];
    const answers: unknown[] = [];
    await enablePush(belfry, { onOpen: (url, data) => went.push([url, data]) });
    const port = { postMessage: (answer: unknown) => answers.push(answer) };
    browser.say({ type: 'belfry:open', url: '/chat/c1', data: { conversationId: 'c1' } }, [port]);

    expect(went).toEqual([['/chat/c1', { conversationId: 'c1' }]]);
    expect(answers).toHaveLength(1);
  });

  test('a subscription that the browser has changed is registered', async () => {
    await enablePush(belfry);
    browser.subscription = null;
    browser.say({ type: 'belfry:resubscribed' });

    await vi.waitFor(() => expect(registrations()).toHaveLength(2));
    expect(registrations()[1]?.init?.body).toMatchObject({ target: { endpoint: 'https://push.example/2' } });
  });

  test('push listens once, however often it is enabled, and ignores messages of others', async () => {
    const went: unknown[] = [];
    await enablePush(belfry, { onOpen: () => went.push(1) });
    await enablePush(belfry, { onOpen: () => went.push(2) });
    browser.say({ type: 'belfry:open', url: '/', data: {} });
    browser.say(undefined);
    browser.say('of another library');

    expect(went).toEqual([2]);
    expect(belfry.listeners()).toBe(1);
  });
});

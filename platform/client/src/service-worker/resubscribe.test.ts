// A changed subscription against a server, a push manager and pages made by hand, with a real IndexedDB of its
// kind.
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import { forgetRenewal, keepRenewal, keptRenewal } from '../push/renewal-store.ts';
import { changeKey, resubscribe, type ResubscribeParts } from './resubscribe.ts';

const renewal = { deviceId: 'd-1', credential: 'sealed', vapidPublicKey: 'AQID' };
const subscription = (endpoint: string): PushSubscription =>
  ({ endpoint, options: { userVisibleOnly: true }, toJSON: () => ({ endpoint }) }) as unknown as PushSubscription;

let requests: { url: string; body: unknown }[];
let answers: (Response | Error)[];
let pages: unknown[];
let pauses: number[];
let asked: unknown[];
let parts: ResubscribeParts;

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  requests = [];
  answers = [];
  pages = [];
  pauses = [];
  asked = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    requests.push({ url, body: JSON.parse(body) as unknown });
    const answer = answers.shift() ?? Response.json({});
    if (answer instanceof Error) throw answer;
    return answer;
  });
  parts = {
    server: 'https://belfry.example',
    clients: {
      matchAll: async () => [{ postMessage: (message: unknown) => pages.push(message) }] as never,
    },
    pushManager: {
      getSubscription: async () => null,
      async subscribe(options) {
        asked.push(options);
        return subscription('https://push.example/made');
      },
    },
    pause: async (ms) => void pauses.push(ms),
  };
});

const changed = (newSubscription: PushSubscription | null, oldSubscription: PushSubscription | null = null) =>
  resubscribe({ newSubscription, oldSubscription }, parts);

test('a changed subscription is exchanged with the credential, no page is asked, and the next credential is kept', async () => {
  await keepRenewal(renewal);
  answers = [Response.json({ deviceId: 'd-1', renewal: 'sealed anew' })];
  await changed(subscription('https://push.example/new'));
  expect(requests).toEqual([
    {
      url: 'https://belfry.example/api/v1/devices/d-1/renew',
      body: { credential: 'sealed', target: { endpoint: 'https://push.example/new' } },
    },
  ]);
  expect(pages).toEqual([]);
  expect(await keptRenewal()).toEqual({ ...renewal, credential: 'sealed anew' });
});

test.each<[string, PushSubscription | null, unknown]>([
  ['as the one before', subscription('https://push.example/old'), { userVisibleOnly: true }],
  ['with the key that was kept', null, { userVisibleOnly: true, applicationServerKey: Uint8Array.from([1, 2, 3]) }],
])('where the browser made none, it is made %s, and exchanged', async (_name, old, options) => {
  await keepRenewal(renewal);
  await changed(null, old);
  expect(asked).toEqual([options]);
  expect(requests[0]?.body).toMatchObject({ target: { endpoint: 'https://push.example/made' } });
});

test('a server that is away is tried again, and in the end the pages are asked', async () => {
  await keepRenewal(renewal);
  answers = [new TypeError('away'), new Response(null, { status: 503 })];
  await changed(subscription('https://push.example/new'));
  expect([requests.length, pauses, pages]).toEqual([3, [1000, 4000], []]);
  answers = Array.from({ length: 4 }, () => new TypeError('away'));
  await changed(subscription('https://push.example/new'));
  expect([requests.length, pages]).toEqual([7, [{ type: 'belfry:resubscribed' }]]);
  expect(await keptRenewal()).toEqual(renewal);
});

test('a credential that is refused is forgotten, and the pages are asked', async () => {
  await keepRenewal(renewal);
  answers = [new Response(null, { status: 404 })];
  await changed(subscription('https://push.example/new'));
  expect([requests.length, pages.length, await keptRenewal()]).toEqual([1, 1, undefined]);
});

test('without a credential, or where nothing can be kept, the pages are asked as before', async () => {
  await keepRenewal(renewal);
  await forgetRenewal();
  await changed(subscription('https://push.example/new'));
  vi.stubGlobal('indexedDB', undefined);
  await keepRenewal(renewal);
  await changed(subscription('https://push.example/new'));
  expect([requests.length, pages.length]).toEqual([0, 2]);
});

/** Fills up as subscriptions are ended. */
function subscribedBefore(): string[] {
  const ended: string[] = [];
  const there = Object.assign(subscription('https://push.example/old'), {
    unsubscribe: async () => ended.push('old') > 0,
  });
  parts.pushManager.getSubscription = async () => there;
  return ended;
}

test('a new key of the app ends the subscription, makes another, and tells the server, once', async () => {
  await keepRenewal(renewal);
  const ended = subscribedBefore();
  await changeKey('BAUG', parts);
  expect(ended).toEqual(['old']);
  expect(asked).toEqual([{ userVisibleOnly: true, applicationServerKey: Uint8Array.from([4, 5, 6]) }]);
  expect(requests[0]).toEqual({
    url: 'https://belfry.example/api/v1/devices/d-1/renew',
    body: { credential: 'sealed', target: { endpoint: 'https://push.example/made' } },
  });
  expect(await keptRenewal()).toEqual({ ...renewal, vapidPublicKey: 'BAUG' });
  await changeKey('BAUG', parts);
  expect([ended, requests.length, pages]).toEqual([['old'], 1, []]);
});

test('a new key without a credential, or that the browser does not subscribe with, is left to the pages', async () => {
  const ended = subscribedBefore();
  await changeKey('BAUG', parts);
  expect([ended, asked, pages.length]).toEqual([[], [], 1]);
  await keepRenewal(renewal);
  parts.pushManager.subscribe = async () => Promise.reject(new DOMException('no', 'AbortError'));
  await changeKey('BAUG', parts);
  expect([ended, requests, pages.length]).toEqual([['old'], [], 2]);
});

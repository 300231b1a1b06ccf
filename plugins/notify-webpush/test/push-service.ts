// A push service and the browsers behind it for tests: real HTTP, checks the VAPID signature, decrypts as a
// browser does. Both by web-push-testing.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

export interface StandInPushService {
  /** The host for `pushServices` of the configuration. */
  readonly host: string;
  /** As `pushManager.subscribe` gives it to a page, as JSON. */
  subscribe(vapidPublicKey: string): Promise<Subscription>;
  /** The browser is gone: its pushes are answered 410. */
  expire(subscription: Subscription): void;
  /** Pushes that reached the browser, decrypted, oldest first. */
  received(subscription: Subscription): unknown[];
  /** The headers of every request, oldest first, also of refused ones. */
  readonly requests: { headers: IncomingHttpHeaders; bytes: number; status: number }[];
  /** Of an encrypted push: one above it is answered 413. */
  mostBytes: number;
  /** Resolves when this many pushes were answered. */
  answered(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface Subscription {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** The part of web-push-testing that is used; it has no types. */
interface Model {
  notifyUrl: string;
  subscribe(options: { userVisibleOnly: 'true'; applicationServerKey: string }): Promise<Subscription>;
  expireSubscription(id: string): void;
  handleNotification(id: string, headers: Record<string, string | undefined>, body: Buffer): Promise<void>;
  getNotifications(of: { clientHash: string }): { messages: string[] };
}
const { PushApiModel } = createRequire(import.meta.url)('web-push-testing/src/PushApiModel.js') as {
  PushApiModel: new () => Model;
};

export async function startPushService(): Promise<StandInPushService> {
  const model = new PushApiModel();
  const requests: StandInPushService['requests'] = [];
  const waiting = new Set<() => void>();
  /** By subscription: the key it was made with. */
  const keys = new Map<string, string>();

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      void take(idOf(request.url ?? ''), request.headers, body).then((status) => {
        requests.push({ headers: request.headers, bytes: body.length, status });
        response.writeHead(status, { location: '/message/1' }).end(status === 403 ? anotherKey : '');
        for (const check of waiting) check();
      });
    });
  });

  async function take(id: string, headers: IncomingHttpHeaders, body: Buffer): Promise<number> {
    const { authorization, ttl } = headers;
    if (body.length > standIn.mostBytes) return 413;
    // RFC 8292, 4.2: a subscription takes pushes of the key that it was made with, and no others.
    const [, signedWith] = /(?:^|[ ,])k=([A-Za-z0-9_-]+)/.exec(authorization ?? '') ?? [];
    const subscribedWith = keys.get(id);
    if (subscribedWith !== undefined && signedWith !== subscribedWith) return 403;
    try {
      const encoding = headers['content-encoding'];
      await model.handleNotification(id, { encoding, authorization, ttl: String(ttl) }, body);
      return 201;
    } catch (error) {
      return error instanceof Error && error.name === 'SubscriptionExpiredError' ? 410 : 400;
    }
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  model.notifyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/push/`;

  const standIn: StandInPushService = {
    host: '127.0.0.1',
    mostBytes: 4096,
    async subscribe(applicationServerKey) {
      const { endpoint, keys: ofBrowser } = await model.subscribe({ userVisibleOnly: 'true', applicationServerKey });
      keys.set(idOf(endpoint), applicationServerKey);
      return { endpoint, keys: ofBrowser };
    },
    expire: ({ endpoint }) => model.expireSubscription(idOf(endpoint)),
    received: ({ endpoint }) =>
      model.getNotifications({ clientHash: idOf(endpoint) }).messages.map((text) => JSON.parse(text) as unknown),
    requests,
    answered: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}

/** As Google says it. */
const anotherKey =
  'the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.';

function idOf(address: string): string {
  return address.split('/').at(-1) ?? '';
}

// A tenant's back end: sets up conversations and phones, sends by HTTP and repeats until it is answered.
// Clients are participant.ts.

import { setTimeout as sleep } from 'node:timers/promises';
import { LinkLost, type Answer } from './link.ts';
import type { Notebook } from './notebook.ts';
import { Outbox } from './outbox.ts';
import type { Random } from './random.ts';
import { createHmac } from 'node:crypto';
import { floodedUser, hookIdOf, hookSecret, httpSender, keyOf, noticed, skippedUser, type App } from './setting.ts';

export interface BackEndOptions {
  app: App;
  url(): string;
  notebook: Notebook;
  random: Random;
  /**
   * Whether it sends webhooks too; not where the clock jumps, since their signatures are good for minutes.
   */
  sendsWebhooks: boolean;
}

/** A call that is not answered is given up and repeated. */
const patienceMs = 15_000;
const repeatMs = 150;
/** It sends one after the other: behind a server that is slow for long it writes nothing more. */
const mostWaiting = 20;

export class BackEnd {
  readonly outbox: Outbox;
  readonly #options: BackEndOptions;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #nextMessage = 1;
  #nextBroadcast = 1;

  constructor(options: BackEndOptions) {
    this.#options = options;
    this.outbox = new Outbox({ window: 1, notebook: options.notebook });
    this.outbox.attach(async ({ conversationId, key, text }) => {
      const body = { senderId: httpSender, cid: key.replaceAll('/', ':'), type: 'text', content: { text } };
      return await this.#api('POST', `/chat/${conversationId}/send`, body);
    });
  }

  /** Broadcasts and messages that are not answered yet. */
  get open(): number {
    return this.#underWay.size + this.outbox.size;
  }

  /** Resolves with the ids of the phones, by user. */
  async setUp(phonesOf: readonly string[]): Promise<Map<string, string>> {
    const { app } = this.#options;
    for (const { id, users } of app.conversations) {
      const participants = users.map((userId) => ({ userId }));
      await this.#api('PUT', `/conversations/${id}`, { participants });
    }
    const phones = new Map<string, string>();
    for (const userId of phonesOf) {
      const device = { userId, provider: 'hook', target: { id: `phone of ${userId}` }, deviceType: 'mobile' };
      const { data } = await this.#api('POST', '/devices', device);
      phones.set(userId, String(data['deviceId']));
    }
    return phones;
  }

  say(): void {
    const { app, random } = this.#options;
    const [first, ...others] = app.conversations.filter(({ users }) => users.includes(httpSender));
    if (first === undefined || this.outbox.size >= mostWaiting) return;
    const n = this.#nextMessage;
    this.#nextMessage += 1;
    const { id: conversationId, stream } = random.pick([first, ...others]);
    const key = keyOf(app.key, [conversationId, httpSender, n]);
    this.outbox.add({
      app: app.key,
      stream,
      conversationId,
      sender: httpSender,
      n,
      key,
      text: key,
    });
  }

  /** Into the inboxes of some; often said twice, as a back end does that is not sure. */
  notify(): void {
    const users = noticed.filter(() => this.#options.random.chance(0.5));
    const isForMobile = this.#options.random.chance(0.25);
    if (isForMobile) this.#broadcast({ kind: 'mobile_notification', users: [skippedUser], bytes: 0 });
    else if (users.length > 0) this.#broadcast({ kind: 'system_notification', users, bytes: 0 });
  }

  /** More than a client's socket and the server's buffer hold. */
  flood(count: number): void {
    for (let sent = 0; sent < count; sent += 1)
      this.#broadcast({ kind: 'system_notification', users: [floodedUser], bytes: 25_000 });
  }

  async read(path: string): Promise<Record<string, unknown>> {
    return (await this.#api('GET', path)).data;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.outbox.detach();
    await Promise.all(this.#underWay);
  }

  #broadcast({ kind, users, bytes }: { kind: string; users: readonly string[]; bytes: number }): void {
    const { app, notebook, random, sendsWebhooks } = this.#options;
    const n = this.#nextBroadcast;
    this.#nextBroadcast += 1;
    const key = keyOf(app.key, ['broadcast', n]);
    const isWebhook = sendsWebhooks && bytes === 0 && kind === 'system_notification' && random.chance(0.4);
    const request = isWebhook
      ? { path: `/hooks/${hookIdOf(app)}`, body: { key, users }, webhookId: key }
      : {
          path: '/api/v1/broadcasts',
          body: { kind, audience: { users }, data: { title: key, body: 'x'.repeat(bytes) }, idempotencyKey: key },
        };
    // The first one always: a run of seconds is to have one.
    const times = n === 1 || (bytes === 0 && random.chance(0.3)) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      for (const user of users)
        notebook.record({
          type: 'sent',
          app: app.key,
          stream: `i:${user}`,
          sender: 'back-end',
          n,
          key,
          via: 'broadcast',
        });
      const carrying = this.#untilAnswered({ method: 'POST', ...request }).then(
        ({ data }) => {
          const answer = { key, messageId: String(data['id']), duplicate: data['duplicate'] === true };
          for (const user of users) notebook.record({ type: 'answered', app: app.key, stream: `i:${user}`, ...answer });
        },
        () => undefined,
      );
      this.#underWay.add(carrying);
      void carrying.finally(() => this.#underWay.delete(carrying));
    }
  }

  #api(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.#untilAnswered({ method, path: `/api/v1${path}`, body });
  }

  /** Rejects with LinkLost when it is told to stop. */
  async #untilAnswered(request: Request): Promise<Answer> {
    const { app, url, notebook } = this.#options;
    const { method, path } = request;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const answer = await call(url(), { request, apiKey: app.apiKey, signal });
      if (answer !== undefined && answer.status < 300) return { ok: true, data: answer.body };
      // A key that a killed server still holds is free again after half a minute.
      const mayRepeat = answer === undefined || answer.status >= 500 || answer.status === 429 || answer.status === 409;
      if (!mayRepeat) {
        notebook.record({ type: 'odd', what: `${method} ${path} was answered with ${answer.status}` });
        return { ok: false, data: {}, error: { code: String(answer.body['code']), retry: 'never' } };
      }
      await sleep(repeatMs, undefined, { signal }).catch(() => undefined);
    }
    throw new LinkLost();
  }
}

interface Request {
  method: string;
  path: string;
  body?: unknown;
  /** Of a webhook, which is signed instead of carrying a key. */
  webhookId?: string;
}

/** Undefined when nobody answered, or not all of it came. */
async function call(
  url: string,
  { request, apiKey, signal }: { request: Request; apiKey: string; signal: AbortSignal },
): Promise<{ status: number; body: Record<string, unknown> } | undefined> {
  const { method, path, webhookId } = request;
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const credentials =
    webhookId === undefined ? { authorization: `Bearer ${apiKey}` } : signed({ id: webhookId, body: body ?? '' });
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...credentials, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  } catch {
    return undefined;
  }
}

/** As Standard Webhooks has it. */
function signed({ id, body }: { id: string; body: string }): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(hookSecret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

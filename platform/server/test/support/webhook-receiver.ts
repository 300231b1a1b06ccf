// The other end of outgoing webhooks: real HTTP, each request verified by the package of Standard Webhooks,
// answered as the test says, and kept.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface ReceivedWebhook {
  path: string;
  id: string;
  json: { id: string; type: string; data: Record<string, unknown> };
}

interface ReceiverAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
}

export interface WebhookReceiver {
  /** Of a path below it. */
  url(path: string): string;
  /** Requests to this path have to be signed with it from now on. */
  expectSecret(path: string, secret: string): void;
  /** How the next requests to this path are answered; 200 when there are none. `hang`: never. */
  answerWith(path: string, ...answers: (ReceiverAnswer | 'hang')[]): void;
  /** How every request to this path is answered from now on. */
  answerAlways(path: string, answer: ReceiverAnswer): void;
  readonly received: readonly ReceivedWebhook[];
  /** Resolves when this many fit. The test's own time limit bounds the wait. */
  until(count: number, fits: (webhook: ReceivedWebhook) => boolean): Promise<readonly ReceivedWebhook[]>;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const secrets = new Map<string, string>();
  const scripted = new Map<string, (ReceiverAnswer | 'hang')[]>();
  const always = new Map<string, ReceiverAnswer>();
  const waiting = new Set<() => void>();

  const server = createServer((request, response) => {
    void take(request).then((path) => {
      const answer = path === undefined ? { status: 401 } : (scripted.get(path)?.shift() ?? always.get(path) ?? {});
      if (answer === 'hang') return;
      const { status = 200, headers = {}, json } = answer;
      response.writeHead(status, headers).end(json === undefined ? undefined : JSON.stringify(json));
    });
  });

  /** The path; undefined for a request that is not signed as it has to be. */
  async function take(request: IncomingMessage): Promise<string | undefined> {
    const path = request.url ?? '';
    const body = await text(request);
    const header = (name: string): string => String(request.headers[name] ?? '');
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    try {
      new Webhook(secrets.get(path) ?? '').verify(body, Object.fromEntries(names.map((name) => [name, header(name)])));
    } catch {
      return undefined;
    }
    received.push({ path, id: header('webhook-id'), json: JSON.parse(body) as ReceivedWebhook['json'] });
    for (const check of [...waiting]) check();
    return path;
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    expectSecret: (path, secret) => void secrets.set(path, secret),
    answerWith: (path, ...answers) => void scripted.set(path, [...(scripted.get(path) ?? []), ...answers]),
    answerAlways: (path, answer) => void always.set(path, answer),
    received,
    until: (count, fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          const fitting = received.filter(fits);
          if (fitting.length < count) return;
          waiting.delete(check);
          resolve(fitting);
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
}

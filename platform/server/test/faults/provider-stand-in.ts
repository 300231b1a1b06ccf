// The service behind the webhook provider: takes, fails, hangs and answers late as its mood is, and writes
// down the pushes of phones. Verifies no signature.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PostedEvent } from './history.ts';
import type { Notebook } from './notebook.ts';
import type { Random } from './random.ts';
import { pushTimeoutMs } from './setting.ts';

export interface ProviderStandIn {
  readonly url: string;
  /** From here on some calls fail, some hang, some are answered late. */
  fallIll(): void;
  recover(): void;
  close(): Promise<void>;
}

interface Posted {
  type: string;
  app: string;
  userId: string;
  device: { id: string };
  notification: { count: number; collapseKey: string; data: { stream: string; seq: number; messageIds: string[] } };
}

export async function startProviderStandIn(notebook: Notebook, random: Random): Promise<ProviderStandIn> {
  let isIll = false;
  const timers = new Set<NodeJS.Timeout>();

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Posted;
      if (body.type === 'push') answer(take(request.url ?? '', body), response);
      else response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  /** In the notebook at once, lost until it is answered. */
  function take(path: string, { app, userId, device, notification }: Posted): PostedEvent {
    const { count, collapseKey, data } = notification;
    const { stream, seq, messageIds } = data;
    const event: PostedEvent = {
      ...{ type: 'posted', app: path.slice(1), saidApp: app, stream, user: userId, deviceId: device.id },
      ...{ seq, count, collapseKey, messageIds, outcome: 'lost', at: notebook.now() },
    };
    notebook.events.push(event);
    return event;
  }

  function answer(event: PostedEvent, response: ServerResponse): void {
    const drawn = isIll ? random.next() : 1;
    if (drawn < 0.1) return;
    if (drawn < 0.4) {
      event.outcome = 'failed';
      response.writeHead(503).end();
      return;
    }
    const accept = (): void => {
      // Taken, as this service sees it, even when the server was killed and will say it again.
      event.outcome = 'accepted';
      response.writeHead(200).end();
    };
    if (drawn < 0.6) after(random.between(50, pushTimeoutMs * 0.5), accept);
    else accept();
  }

  function after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    fallIll() {
      if (!isIll) notebook.record({ type: 'provider', mood: 'ill' });
      isIll = true;
    },
    recover() {
      if (isIll) notebook.record({ type: 'provider', mood: 'well' });
      isIll = false;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

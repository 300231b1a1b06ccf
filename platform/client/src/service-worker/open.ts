// A click on a notification: a page of the conversation comes to the front, and the server hears of it.
import type { OpenMessage, WorkerOptions } from '../push/worker-messages.ts';
import { urlOf } from './worker-options.ts';

export interface OpenParts {
  clients: Pick<Clients, 'matchAll' | 'openWindow'>;
  origin: string;
  options: WorkerOptions;
}

/** A page that listens answers at once; one that does not is sent to the address. */
const answerMs = 500;

export async function open(data: Readonly<Record<string, unknown>>, parts: OpenParts): Promise<void> {
  const { clients, origin, options } = parts;
  const url = urlOf(data, options, origin);
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => pathOf(page.url) === url);
  if (there !== undefined) {
    await there.focus();
    return;
  }
  const any = pages.find(({ focused }) => focused) ?? pages[0];
  if (any === undefined) {
    await clients.openWindow(url);
    return;
  }
  await any.focus();
  if (await isTaken(any, { type: 'belfry:open', url, data })) return;
  // Only pages under this worker's control can be sent anywhere.
  await any.navigate(url).catch(() => clients.openWindow(url));
}

/** For the journey. Whether it is heard changes nothing for the user. */
export async function reportOpened(data: Readonly<Record<string, unknown>>, { server }: WorkerOptions): Promise<void> {
  const { openedToken: token } = data;
  if (typeof token !== 'string') return;
  await fetch(`${server}/api/v1/push/opened`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    keepalive: true,
  }).catch(() => undefined);
}

/** A single-page app goes there without loading anew. */
function isTaken(page: Pick<WindowClient, 'postMessage'>, message: OpenMessage): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const end = (taken: boolean): void => {
      clearTimeout(timer);
      port1.close();
      resolve(taken);
    };
    const timer = setTimeout(() => end(false), answerMs);
    port1.onmessage = () => end(true);
    page.postMessage(message, [port2]);
  });
}

function pathOf(address: string): string {
  const { pathname, search, hash } = new URL(address);
  return pathname + search + hash;
}

// Shows and takes away notifications. What a click does is open.ts.
import type { WorkerOptions } from '../push/worker-messages.ts';

/** As the server's plugin `webpush` sends it. */
export interface PushPayload {
  type: 'push';
  title: string;
  body: string;
  /** Messages that stand behind it. */
  count: number;
  collapseKey: string;
  priority: 'low' | 'normal' | 'high' | 'urgent';
  data: Readonly<Record<string, unknown>>;
  imageUrl?: string;
  /** Not the key that this browser subscribed with: the app has another now. */
  vapidPublicKey?: string;
}

export interface ClearPayload {
  type: 'clear';
  collapseKey: string;
  vapidPublicKey?: string;
}

/** Of TypeScript's own description these are missing, and browsers have them. */
interface ShownOptions extends NotificationOptions {
  renotify?: boolean;
  image?: string;
}

type Shelf = Pick<ServiceWorkerRegistration, 'showNotification' | 'getNotifications'>;

/** One per collapse key: a later one takes the place of the one before, and counts its messages too. */
export async function show(shelf: Shelf, payload: PushPayload, { icon, badge }: WorkerOptions): Promise<void> {
  const { title, body, collapseKey: tag, priority, data, imageUrl } = payload;
  const before = await shelf.getNotifications({ tag });
  const messageIds = new Set([...before.flatMap((shown) => idsOf(shown.data)), ...idsOf(data)]);
  const count = Math.max(payload.count, messageIds.size);
  const silent = priority === 'low';
  const options: ShownOptions = {
    body: count > 1 ? withCount(body, count) : body,
    tag,
    // To replace in silence would hide that something is new; browsers refuse it where there is to be no
    // sound at all.
    renotify: !silent,
    silent,
    requireInteraction: priority === 'urgent',
    data: { ...data, messageIds: [...messageIds] },
    ...(icon === undefined ? {} : { icon }),
    ...(badge === undefined ? {} : { badge }),
    ...(imageUrl === undefined ? {} : { image: imageUrl }),
  };
  await shelf.showNotification(title, options);
}

export interface ClearParts {
  /** Somebody sees a page of this origin. */
  isSeen: () => Promise<boolean>;
  /** Title where nothing is shown that could be replaced. */
  name: string;
}

/** Browsers have looked by then whether something was shown, ms. A worker that idles lives longer. */
const closeAfterMs = 2000;

/**
 * Read elsewhere, deleted, or not the user's any more. A browser takes the permission from who shows nothing at a
 * push while no page is seen, or shows a text of its own: there it is replaced in silence, and closed a moment
 * after.
 */
export async function clear(shelf: Shelf, { collapseKey: tag }: ClearPayload, parts: ClearParts): Promise<void> {
  const shown = await shelf.getNotifications({ tag });
  if (await parts.isSeen()) {
    for (const each of shown) each.close();
    return;
  }
  const { title = parts.name, body = '', icon } = shown[0] ?? {};
  const options: ShownOptions = { tag, body, silent: true, renotify: false, data: { isCleared: true } };
  await shelf.showNotification(title, { ...options, ...(icon && { icon }) });
  // Not waited for: browsers look when the event is over. What came meanwhile has taken its place, and stays.
  setTimeout(() => void closeCleared(shelf, tag), closeAfterMs);
}

async function closeCleared(shelf: Shelf, tag: string): Promise<void> {
  for (const shown of await shelf.getNotifications({ tag })) {
    if ((shown.data as { isCleared?: boolean } | null)?.isCleared === true) shown.close();
  }
}

/** Read in a page of this browser, up to `seq`. */
export async function clearRead(shelf: Shelf, read: { conversationId: string; seq: number }): Promise<void> {
  for (const shown of await shelf.getNotifications()) {
    const { conversationId, seq } = (shown.data ?? {}) as { conversationId?: unknown; seq?: unknown };
    if (conversationId === read.conversationId && typeof seq === 'number' && seq <= read.seq) shown.close();
  }
}

/** The notification that came over the wire; undefined for what no version of the plugin sends. */
export function readPayload(text: string): PushPayload | ClearPayload | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null || !('type' in said)) return undefined;
  // Encrypted for this browser and signed with the app's key: nobody but the plugin writes it.
  return said.type === 'push' || said.type === 'clear' ? (said as PushPayload | ClearPayload) : undefined;
}

function withCount(body: string, count: number): string {
  return navigator.language.startsWith('zh') ? `[${count} 条] ${body}` : `${count} new: ${body}`;
}

function idsOf(data: unknown): string[] {
  const { messageIds } = (data ?? {}) as { messageIds?: unknown };
  return Array.isArray(messageIds) ? messageIds.filter((id) => typeof id === 'string') : [];
}

// The service worker's parts against a shelf of notifications and a set of pages made by hand: which are
// shown, taken away and opened, and what the server is sent.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { open, reportOpened } from './open.ts';
import { clear, clearRead, readPayload, show, type PushPayload } from './show.ts';
import { readOptions, urlOf } from './worker-options.ts';

const origin = 'https://app.example';
const options = readOptions(
  `${origin}/belfry-service-worker.js?server=https://belfry.example&open=/chat/{conversationId}`,
);

const payload: PushPayload = {
  type: 'push',
  title: 'Alice',
  body: 'hello',
  count: 1,
  collapseKey: 'k-1',
  priority: 'normal',
  data: { conversationId: 'c1', seq: 7, messageIds: ['m-1'], openedToken: 't' },
};

interface Shown extends NotificationOptions {
  title: string;
  renotify?: boolean;
  image?: string;
}

/** As a browser keeps them: one per tag. */
function createShelf() {
  const shown = new Map<string, Shown>();
  return {
    shown,
    async showNotification(title: string, given: NotificationOptions = {}) {
      shown.set(given.tag ?? '', { title, ...given });
    },
    async getNotifications({ tag }: GetNotificationOptions = {}) {
      return [...shown.values()]
        .filter((each) => tag === undefined || each.tag === tag)
        .map((each) => ({ ...each, close: () => void shown.delete(each.tag ?? '') }) as unknown as Notification);
    },
  };
}

let shelf: ReturnType<typeof createShelf>;
beforeEach(() => {
  shelf = createShelf();
  vi.stubGlobal('navigator', { language: 'en-US' });
});
const tags = (): string[] => [...shelf.shown.keys()];

describe('a push', () => {
  test('is shown with its text, its data and the pictures of the application', async () => {
    await show(shelf, payload, { ...options, icon: '/icon.png' });

    expect(shelf.shown.get('k-1')).toMatchObject({
      title: 'Alice',
      body: 'hello',
      icon: '/icon.png',
      data: payload.data,
      renotify: true,
      silent: false,
      requireInteraction: false,
    });
  });

  test.each([
    ['low', { silent: true, renotify: false }],
    ['urgent', { silent: false, renotify: true, requireInteraction: true }],
  ] as const)('of priority %s is shown with %j', async (priority, expected) => {
    await show(shelf, { ...payload, priority }, options);
    expect(shelf.shown.get('k-1')).toMatchObject(expected);
  });

  test('takes the place of the one before and counts its messages too', async () => {
    await show(shelf, payload, options);
    await show(shelf, { ...payload, body: 'again', data: { ...payload.data, seq: 8, messageIds: ['m-2'] } }, options);

    expect(tags()).toEqual(['k-1']);
    expect(shelf.shown.get('k-1')).toMatchObject({ body: '2 new: again', data: { messageIds: ['m-1', 'm-2'] } });
  });

  test('counts once when it is sent twice', async () => {
    await show(shelf, payload, options);
    await show(shelf, payload, options);
    expect(shelf.shown.get('k-1')?.body).toBe('hello');
  });

  test('says its count in Chinese to a Chinese browser', async () => {
    vi.stubGlobal('navigator', { language: 'zh-CN' });
    await show(shelf, { ...payload, count: 3 }, options);
    expect(shelf.shown.get('k-1')?.body).toBe('[3 条] hello');
  });

  test.each(['', 'not JSON', '[]', 'null', '{"type":"other"}'])('that reads "%s" is none', (text) => {
    expect(readPayload(text)).toBeUndefined();
  });
});

describe('a notification', () => {
  beforeEach(async () => {
    await show(shelf, payload, options);
    await show(shelf, { ...payload, collapseKey: 'k-2', data: { conversationId: 'c2', seq: 9 } }, options);
    await show(shelf, { ...payload, collapseKey: 'k-3', data: { action: 'open_inbox' } }, options);
  });

  const seen = { isSeen: async () => true, name: 'app.example' };
  const unseen = { isSeen: async () => false, name: 'app.example' };

  test('goes when its messages were read elsewhere', async () => {
    await clear(shelf, { type: 'clear', collapseKey: 'k-1' }, seen);
    expect(tags()).toEqual(['k-2', 'k-3']);
  });

  test.each([
    ['replaces what is shown, without a sound', 'k-1', { title: 'Alice', body: 'hello' }],
    ['is shown where there is nothing to clear', 'k-9', { title: 'app.example', body: '' }],
  ])('a clearing that nobody sees a page at %s, and is closed a moment after', async (_, collapseKey, expected) => {
    vi.useFakeTimers();
    await clear(shelf, { type: 'clear', collapseKey }, unseen);
    // The browser looks when the event is over: something is there.
    expect(shelf.shown.get(collapseKey)).toMatchObject({ ...expected, silent: true, renotify: false });
    await vi.advanceTimersByTimeAsync(2000);
    expect(tags()).not.toContain(collapseKey);
    vi.useRealTimers();
  });

  test('that came a moment after the one before was cleared stays, and counts only its own messages', async () => {
    vi.useFakeTimers();
    await clear(shelf, { type: 'clear', collapseKey: 'k-1' }, unseen);
    await show(
      shelf,
      { ...payload, body: 'new', data: { conversationId: 'c1', seq: 8, messageIds: ['m-2'] } },
      options,
    );
    await vi.advanceTimersByTimeAsync(2000);
    expect(shelf.shown.get('k-1')).toMatchObject({ body: 'new', data: { messageIds: ['m-2'] } });
    vi.useRealTimers();
  });

  test('goes when its conversation was read in a page, as far as the page says', async () => {
    await clearRead(shelf, { conversationId: 'c1', seq: 7 });
    await clearRead(shelf, { conversationId: 'c2', seq: 8 });
    expect(tags()).toEqual(['k-2', 'k-3']);
  });
});

describe('where a notification leads', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ conversationId: 'c 1/ä' }, '/chat/c%201%2F%C3%A4'],
    [{ url: '/orders/7?tab=1#top', conversationId: 'c1' }, '/orders/7?tab=1#top'],
    [{ url: 'https://app.example/orders' }, '/orders'],
    [{ url: 'https://elsewhere.example/', conversationId: 'c1' }, '/chat/c1'],
    [{ url: 'javascript:alert(1)' }, '/'],
    [{ url: 'https://' }, '/'],
    [{}, '/'],
  ])('%j leads to %s', (data, url) => {
    expect(urlOf(data, options, origin)).toBe(url);
  });

  test('without a template it is the page that was named', () => {
    expect(urlOf({ conversationId: 'c1' }, readOptions(`${origin}/sw.js?open=/inbox`), origin)).toBe('/inbox');
  });
});

interface FakePage {
  url: string;
  focused: boolean;
  did: string[];
}

function page(path: string, { focused = false, listens = false, isControlled = true } = {}): FakePage {
  const did: string[] = [];
  return Object.assign({
    url: `${origin}${path}`,
    focused,
    did,
    focus: async () => void did.push('focus'),
    async navigate(url: string) {
      if (!isControlled) throw new TypeError('not under control');
      did.push(`navigate ${url}`);
    },
    postMessage(message: { url: string }, [port]: [MessagePort]) {
      did.push(`sent ${message.url}`);
      if (listens) port.postMessage('going');
    },
  });
}

async function clicked(...pages: FakePage[]): Promise<string[]> {
  const opened: string[] = [];
  await open(payload.data, {
    clients: {
      matchAll: async () => pages as unknown as WindowClient[],
      openWindow: async (url) => {
        opened.push(String(url));
        return null;
      },
    } as Pick<Clients, 'matchAll' | 'openWindow'>,
    origin,
    options,
  });
  return opened;
}

describe('a click', () => {
  test('opens a page where there is none', async () => {
    expect(await clicked()).toEqual(['/chat/c1']);
  });

  test('brings the page that is there already to the front', async () => {
    const [other, there] = [page('/home', { focused: true }), page('/chat/c1')];
    expect(await clicked(other, there)).toEqual([]);
    expect([other.did, there.did]).toEqual([[], ['focus']]);
  });

  test('lets a page that listens go there by itself, the focused one first', async () => {
    const [other, focused] = [page('/other'), page('/home', { focused: true, listens: true })];
    await clicked(other, focused);
    expect([other.did, focused.did]).toEqual([[], ['focus', 'sent /chat/c1']]);
  });

  test('sends a page there that does not listen', async () => {
    const home = page('/home');
    await clicked(home);
    expect(home.did).toEqual(['focus', 'sent /chat/c1', 'navigate /chat/c1']);
  });

  test('opens another page where the browser forbids to navigate the one that is there', async () => {
    expect(await clicked(page('/home', { isControlled: false }))).toEqual(['/chat/c1']);
  });
});

describe('an opened notification', () => {
  test('is reported to the server with the token that came in it', async () => {
    const fetched = vi.fn<typeof fetch>().mockResolvedValue(new Response());
    vi.stubGlobal('fetch', fetched);
    await reportOpened(payload.data, options);

    expect(fetched).toHaveBeenCalledWith(
      'https://belfry.example/api/v1/push/opened',
      expect.objectContaining({ method: 'POST', body: '{"token":"t"}', keepalive: true }),
    );
  });

  test('costs the user nothing when the server is away, and is not reported without a token', async () => {
    const fetched = vi.fn<typeof fetch>().mockRejectedValue(new TypeError('away'));
    vi.stubGlobal('fetch', fetched);
    await reportOpened(payload.data, options);
    await reportOpened({}, options);

    expect(fetched).toHaveBeenCalledTimes(1);
  });
});

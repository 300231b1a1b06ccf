// @vitest-environment happy-dom
// Provider, hook and status element in a real React tree.
import { act, StrictMode, type ReactElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBelfry, type FakeBelfry } from '../../test/fake-belfry.ts';
import type { BelfryStatus } from '../element/index.ts';
import type { ServerEvent } from '../types.ts';
import {
  BelfryProvider,
  useChat,
  useConversation,
  usePins,
  useReplies,
  useWebSocketByPage,
  WebSocketStatus,
  type WebSocketByPage,
} from './index.ts';

const event = (text: string): ServerEvent => ({
  action: 'announcement',
  timestamp: '2026-01-01T00:00:00.000Z',
  data: { title: text },
});

let belfry: FakeBelfry;
let root: Root;
let seen: WebSocketByPage[];

function Probe(): ReactElement {
  const page = useWebSocketByPage();
  seen.push(page);
  return <p>{page.connectionStatus}</p>;
}

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  belfry = fakeBelfry();
  seen = [];
  root = createRoot(document.body.appendChild(document.createElement('main')));
});

afterEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  root.unmount();
  document.body.replaceChildren();
});

const treeOf = (children: ReactElement): ReactElement => (
  <StrictMode>
    <BelfryProvider belfry={belfry}>{children}</BelfryProvider>
  </StrictMode>
);

function show(children: ReactElement): void {
  act(() => {
    root.render(treeOf(children));
  });
}

test('the provider starts the connection and does not end it when it goes', () => {
  show(<Probe />);
  act(() => {
    root.render(null);
  });

  expect(new Set(belfry.calls)).toEqual(new Set(['start']));
  expect(belfry.listeners()).toBe(0);
});

test('the hook follows state, policy and sync signal', () => {
  show(<Probe />);
  expect(seen.at(-1)).toMatchObject({ isConnected: false, connectionStatus: 'closed', syncSignal: 0 });
  const policy = {
    pattern: '/chat',
    enabled: true,
    requireAuth: true,
    autoConnect: true,
    connectionType: 'chat',
    features: ['messaging'],
    version: 1,
  };

  act(() => {
    belfry.become({ status: 'connected', policy, syncSignal: 1 });
  });

  expect(document.body.textContent).toBe('connected');
  expect(seen.at(-1)).toMatchObject({ isConnected: true, config: policy, syncSignal: 1 });
});

test('the hook renders nothing anew for changes that it does not show', () => {
  show(<Probe />);
  const before = seen.at(-1);
  act(() => {
    belfry.become({ attempt: 3 });
  });

  expect(seen.at(-1)).toBe(before);
});

test('the hook has the newest event', () => {
  show(<Probe />);
  act(() => {
    belfry.emit(event('first'));
  });
  act(() => {
    belfry.emit(event('second'));
  });

  expect(seen.at(-1)?.lastMessage?.data).toEqual({ title: 'second' });
});

test('the functions that the hook offers reach the connection', () => {
  show(<Probe />);
  const page = seen.at(-1);
  page?.connect();
  page?.disconnect();
  const sent = page?.sendMessage({ conversationId: 'c1', type: 'text', content: { text: 'hello' } });

  expect(sent).toMatchObject({ state: 'queued', draft: { conversationId: 'c1' } });
  expect(belfry.calls.filter((call) => call !== 'start')).toEqual(['connect', 'disconnect', 'send']);
});

test('the status element is attached, and passes attributes on', () => {
  show(<WebSocketStatus className="corner" compact lang="zh" />);
  const element = document.querySelector<BelfryStatus>('belfry-status');

  expect(element?.belfry).toBe(belfry);
  expect(element?.className).toBe('corner');
  expect(element?.hasAttribute('compact')).toBe(true);
  expect(element?.shadowRoot?.querySelector('[role=status]')?.textContent).toBe('未连接');
});

function Unread(): ReactElement {
  const { conversations, unread } = useChat();
  return <p>{`${conversations.map(({ title }) => title).join()}: ${unread}`}</p>;
}

function Thread(): ReactElement {
  const { messages, conversation } = useConversation('c1');
  return (
    <button onClick={() => conversation.send('hi')}>{messages.map(({ content }) => content['text']).join()}</button>
  );
}

const stored = {
  messageId: '01890a5d-ac96-774b-bcce-b302099a8059',
  conversationId: 'c1',
  stream: 'c:c1',
  seq: 1,
  senderId: 'alice',
  type: 'text',
  content: { text: 'hello' },
  timestamp: '2026-01-01T00:00:00.000Z',
};
const listed = {
  ...{ id: 'c1', title: 'Consultation', stream: 'c:c1', epoch: 'e1', headSeq: 1, unreadCount: 1 },
  participants: [],
  cursors: { delivered: 0, read: 0 },
  createdAt: stored.timestamp,
  lastMessage: stored,
};

test('chat and conversation are loaded, shown, read and left', async () => {
  // Loaded data renders by itself, as in a page.
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  belfry.become({ status: 'connected', userId: 'bob', attended: true });
  const loaded = {
    conversations: [listed],
    conversation: listed,
    messages: [stored],
    hasMore: false,
    seq: 1,
    participants: [],
  };
  belfry.answers = () => loaded;
  const both = (
    <>
      <Unread />
      <Thread />
    </>
  );
  root.render(treeOf(both));
  await vi.waitFor(() => expect(document.body.textContent).toBe('Consultation: 0hello'));

  root.render(null);
  await vi.waitFor(() => expect(belfry.listeners()).toBe(0));
});

function Lists(): ReactElement {
  const pins = usePins('c1');
  const replies = useReplies('c1', stored.messageId);
  const text = [pins, replies].map(({ messages }) => messages.map(({ content }) => content['text']).join());
  return <p>{text.join(' | ')}</p>;
}

test('pins and replies are loaded, shown, kept and left', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  belfry.become({ status: 'connected', userId: 'bob' });
  const pinned = { ...stored, pinned: { at: stored.timestamp } };
  const reply = { ...stored, messageId: 'm2', seq: 2, replyTo: stored.messageId, content: { text: 'answer' } };
  belfry.answers = (path) => {
    if (path.includes('/pins')) return { messages: [pinned], hasMore: false };
    if (path.includes('/replies')) return { messages: [reply], hasMore: false };
    return { conversations: [listed], messages: [], hasMore: false, participants: [] };
  };
  root.render(treeOf(<Lists />));
  await vi.waitFor(() => expect(document.body.textContent).toBe('hello | answer'));

  const data = { messageId: stored.messageId, seq: 1, reactions: [], updatedAt: '2026-01-02T00:00:00.000Z' };
  belfry.emit({ action: 'message_updated', conversationId: 'c1', timestamp: stored.timestamp, data });
  await vi.waitFor(() => expect(document.body.textContent).toBe(' | answer'));

  root.render(null);
  await vi.waitFor(() => expect(belfry.listeners()).toBe(0));
});

test('a component without provider says what is missing', () => {
  expect(() => renderToString(<Probe />)).toThrow('There is no <BelfryProvider> around this component.');
});

test('a server renders the page without connecting', () => {
  const html = renderToString(
    <BelfryProvider belfry={belfry}>
      <Probe />
      <WebSocketStatus />
    </BelfryProvider>,
  );

  expect(html).toBe('<p>closed</p><belfry-status></belfry-status>');
  expect(belfry.calls).toEqual([]);
});

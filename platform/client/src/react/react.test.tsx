// @vitest-environment happy-dom
// Provider, hook and status element in a real React tree.
import { act, StrictMode, type ReactElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeBelfry, type FakeBelfry } from '../../test/fake-belfry.ts';
import type { BelfryStatus } from '../element/index.ts';
import type { ServerEvent } from '../types.ts';
import { BelfryProvider, useWebSocketByPage, WebSocketStatus, type WebSocketByPage } from './index.ts';

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
  act(() => {
    root.unmount();
  });
  document.body.replaceChildren();
});

function show(children: ReactElement): void {
  const tree = (
    <StrictMode>
      <BelfryProvider belfry={belfry}>{children}</BelfryProvider>
    </StrictMode>
  );
  act(() => {
    root.render(tree);
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

test('the hook renders nothing anew for changes that it does not tell of', () => {
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
    belfry.tell(event('first'));
  });
  act(() => {
    belfry.tell(event('second'));
  });

  expect(seen.at(-1)?.lastMessage?.data).toEqual({ title: 'second' });
});

test('what the hook offers reaches the connection', () => {
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

// The face of the queue: messages that are handed over before the queue's code is there, and its listeners.
import { expect, it, vi } from 'vitest';
import { createClientClock } from '../../test/support/client-clock.ts';
import { commandsTo, createQueueServer, text, textOf } from '../../test/support/queue-server.ts';
import { createSimulatedBrowser, queueSurroundings } from '../../test/support/simulated-browser.ts';
import type { Live } from '../line.ts';
import { createSnapshotStore } from '../snapshot-store.ts';
import { createKeyValue } from '../surroundings/key-value.ts';
import { createOutbox, type SendingOutbox } from './create-outbox.ts';

function open(options: { ready?: boolean; reported?: unknown[] } = {}): {
  outbox: SendingOutbox;
  server: ReturnType<typeof createQueueServer>;
  clock: ReturnType<typeof createClientClock>;
  becomeReady: () => void;
} {
  const clock = createClientClock();
  const server = createQueueServer();
  let isReady = options.ready ?? true;
  let look: () => void = () => undefined;
  const outbox = createOutbox({
    app: 'demo',
    surroundings: {
      ...queueSurroundings(clock, options.reported ?? []),
      keyValue: createKeyValue(() => undefined),
    },
    limits: { maxCount: 3, maxBytes: 1024 * 1024, maxAgeMs: 86_400_000 },
    auth: { userId: () => 'alice' },
    line: {
      live: () => (isReady ? ({ userId: 'alice' } as Live) : undefined),
      ...commandsTo((draft, cid) => server.send('A', draft, cid)),
    },
    store: {
      ...createSnapshotStore('/chat', () => undefined),
      hasFeature: () => true,
      subscribe(listener) {
        look = listener;
        return () => undefined;
      },
    },
    openTabs: () => createSimulatedBrowser().openTab().tabs,
  });
  return {
    outbox,
    server,
    clock,
    becomeReady() {
      isReady = true;
      look();
    },
  };
}

it('takes messages before the queue is there, shows them, and sends them in order', async () => {
  const { outbox, server } = open();
  const draft = text('c1', 'one');
  const sent = Promise.withResolvers<undefined>();
  outbox.subscribe(({ state, draft: { content } }) => {
    if (state === 'sent' && content['text'] === 'two') sent.resolve(undefined);
  });
  expect(outbox.add(draft)).toMatchObject({ state: 'queued' });
  draft.content['text'] = 'changed';
  outbox.add(text('c1', 'two'));
  expect(outbox.messages().map((message) => textOf(message.draft))).toEqual(['one', 'two']);
  await sent.promise;
  expect(server.stored('c1')).toEqual(['one', 'two']);
  await outbox.stop();
});

it('gives each message a cid of its own, also when chance repeats itself', async () => {
  const { outbox } = open({ ready: false });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const cids = ['one', 'two', 'three'].map((said) => outbox.add(text('c1', said)).cid);
  expect(new Set(cids).size).toBe(3);
  expect(outbox.add({ ...text('c1', 'one'), cid: String(cids[0]) }).cid).toBe(cids[0]);
  expect(outbox.messages()).toHaveLength(3);
  await outbox.stop();
});

it('takes back a message that was handed over early', async () => {
  const { outbox } = open({ ready: false });
  const { cid } = outbox.add(text('c1', 'one'));
  expect(await outbox.cancel(cid)).toBe(true);
  expect(outbox.messages()).toEqual([]);
  await outbox.stop();
});

it('sends when there is a connection, and keeps to the bounds', async () => {
  const { outbox, server, becomeReady } = open({ ready: false });
  const changes: string[] = [];
  const sent = Promise.withResolvers<undefined>();
  outbox.subscribe(({ state, error, draft }) => {
    changes.push(`${textOf(draft)} ${error?.code ?? state}`);
    if (state === 'sent' && textOf(draft) === 'four') sent.resolve(undefined);
  });
  for (const said of ['one', 'two', 'three', 'four']) outbox.add(text('c1', said));
  await outbox.cancel('unknown');
  expect(changes).toContain('one queue_full');
  becomeReady();
  await sent.promise;
  expect(server.stored('c1')).toEqual(['two', 'three', 'four']);
  await outbox.stop();
});

it('reports a listener that throws, and calls the others', async () => {
  const reported: unknown[] = [];
  const { outbox } = open({ ready: false, reported });
  const others: string[] = [];
  outbox.subscribe(() => {
    throw new Error('mine');
  });
  outbox.subscribe(({ state }) => others.push(state));
  outbox.add(text('c1', 'one'));
  expect([others, reported]).toEqual([['queued'], [new Error('mine')]]);
  await outbox.stop();
});

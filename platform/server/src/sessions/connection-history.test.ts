// What is kept of a connection, from what the rest of the server does with its session; and what it takes.
import { expect, test } from 'vitest';
import { ConnectionHistory, mostKept, type HistoryEntry } from './connection-history.ts';
import { makeSession, page, policySet, type TestSession } from './test/sessions.fixture.ts';
import { twoNodes } from './test/two-nodes.fixture.ts';

const entriesOf = (session: TestSession): HistoryEntry[] => ConnectionHistory.of(session).entries();
const secondsIn = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const atMs = Date.UTC(2026, 0, 1) + 5000;

test('it has when and where a connection came, its pages, and the policies that reached it and were confirmed', async () => {
  const { n1, clock } = twoNodes();
  const device = { id: 'd', type: 'desktop', platform: 'Linux', appVersion: '3.1' } as const;
  const ann = await n1.open('ann', { device });
  await clock.advance(1000);
  await n1.sessions.moved(ann, page('/team', [], { version: 4 }));
  await clock.advance(1000);
  n1.sessions.enforce(ann.app, policySet(page('/team', [], { version: 5 })));
  await clock.advance(1000);
  // The same once more, as heartbeats do.
  n1.sessions.setAttention(ann, { policyVersion: 5 });
  await clock.advance(1000);
  n1.sessions.setAttention(ann, { policyVersion: 4 });
  n1.sessions.setAttention(ann, { policyVersion: 5 });
  n1.sessions.enforce(ann.app, policySet(page('/team', [], { version: 6 })));
  n1.sessions.enforce(ann.app, policySet(page('/team', [], { version: 6 })));
  expect(entriesOf(ann)).toEqual([
    { n: 0, at: secondsIn(0), what: 'connected', page: '/chat', platform: 'Linux', appVersion: '3.1' },
    { n: 1, at: secondsIn(1), what: 'page', page: '/team', version: 4 },
    { n: 2, at: secondsIn(2), what: 'policy', page: '/team', version: 5, confirmedAt: secondsIn(3) },
    { n: 3, at: secondsIn(4), what: 'policy', page: '/team', version: 6 },
  ]);
});

test('a resume says how many events waited, and how many streams could not go on', () => {
  const ann = makeSession('ann');
  ConnectionHistory.of(ann).resumed(
    [
      { stream: 'c:a', epoch: 'e1', from: 4, to: 9 },
      { stream: 'c:b', epoch: 'e1', from: 8, to: 7 },
      { stream: 'c:c', gap: { from: 1, to: 3, reason: 'too_old' } },
    ],
    atMs,
  );
  expect(entriesOf(ann)[1]).toEqual({ n: 1, at: secondsIn(5), what: 'resumed', missed: 6, lost: 1 });
});

test('what is refused again and again is one entry, and a name that the client made up is none', () => {
  const ann = makeSession('ann');
  const history = ConnectionHistory.of(ann);
  for (let count = 0; count < 30; count += 1) history.refused('message', 'feature_disabled', atMs);
  history.refused('made-up-by-me', 'unknown_action', atMs);
  history.refused(undefined, 'bad_request', atMs);
  expect(entriesOf(ann).slice(1)).toMatchObject([
    { n: 1, what: 'refused', action: 'message', code: 'feature_disabled', times: 30 },
    { n: 2, code: 'unknown_action', times: 1 },
    { n: 3, code: 'bad_request' },
  ]);
  expect(JSON.stringify(entriesOf(ann))).not.toContain('made-up');
});

test('the newest entries are kept, with their numbers and the connect, and long texts are cut', () => {
  const ann = makeSession('ann');
  const move = (to: string): void => {
    const before = ann.page;
    ann.page = page(to);
    ConnectionHistory.moved(ann, before, atMs);
  };
  for (let count = 1; count <= mostKept + 20; count += 1) move(`/p${count}`);
  const kept = entriesOf(ann);
  expect(kept).toHaveLength(mostKept + 1);
  expect(kept[0]).toMatchObject({ n: 0, what: 'connected', page: '/chat' });
  expect(kept[1]).toMatchObject({ n: 21, page: '/p21' });
  expect(kept.at(-1)).toMatchObject({ n: mostKept + 20, page: `/p${mostKept + 20}` });
  for (let count = 0; count < 15; count += 1) move(`/${count}${'x'.repeat(2000)}`);
  const long = entriesOf(ann).slice(1);
  expect(long.map(({ page: path = '' }) => path.length)).toEqual(Array.from({ length: 7 }, () => 200));
});

test('those that watch hear each entry as it comes or changes, the end at last, and nothing after they looked away', async () => {
  const { n1, clock } = twoNodes();
  const ann = await n1.open('ann');
  const heard: HistoryEntry[] = [];
  const end = ConnectionHistory.of(ann).watch((entry) => heard.push(entry));
  await n1.sessions.moved(ann, page('/team'));
  n1.sessions.enforce(ann.app, policySet(page('/team', [], { version: 2 })));
  await clock.advance(1000);
  n1.sessions.setAttention(ann, { policyVersion: 2 });
  await n1.sessions.closed(ann, 4507);
  expect(heard.map(({ n, what }) => [n, what])).toEqual([
    [1, 'page'],
    [2, 'policy'],
    [2, 'policy'],
    [3, 'closed'],
  ]);
  expect(heard.at(-2)?.confirmedAt).toBe(secondsIn(1));
  expect(heard.at(-1)).toMatchObject({ closeCode: 4507 });
  end();
  ConnectionHistory.of(ann).refused('message', 'forbidden', atMs);
  expect(heard).toHaveLength(4);
});

test('a connection that only came and went has nothing kept', async () => {
  const { n1 } = twoNodes();
  const ann = await n1.open('ann');
  n1.sessions.setAttention(ann, { visible: false, policyVersion: 1 });
  await n1.sessions.moved(ann, page('/chat', ['messaging']));
  await n1.sessions.closed(ann, 1000);
  expect(ann.history).toBeUndefined();
});

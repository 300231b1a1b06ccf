// The measure of recovery on small histories: it sees who lost a node, and does not count who is not caught up.

import { expect, test } from 'vitest';
import type { FaultEvent } from '../faults/history.ts';
import { recoveryOf } from './recovery.ts';

const [app, stream] = ['demo', 'c:c1'];
const [one, two] = ['http://one', 'http://two'];
const kills = [{ url: one, at: 1000 }];
const stays = (): boolean => true;

const opened = (reader: string, url: string, at: number): FaultEvent => ({ type: 'opened', app, reader, url, at });
const closed = (reader: string, at: number): FaultEvent => ({ type: 'closed', app, reader, at });
const said = (seq: number, at: number, tookMs = 10): FaultEvent[] => {
  const key = `demo/c1/x/${seq}`;
  const at2 = at + tookMs;
  return [
    { type: 'sent', app, stream, sender: 'x', n: seq, key, via: 'outbox', at },
    { type: 'answered', app, stream, key, messageId: `m${seq}`, seq, duplicate: false, at: at2 },
  ];
};
const released = (reader: string, seq: number, at: number): FaultEvent => {
  return { type: 'released', app, stream, reader, seq, messageId: `m${seq}`, key: `demo/c1/x/${seq}`, at };
};

test('a client is back when it has what was stored while it was away', () => {
  const events = [
    ...[opened('ann-1', one, 10), opened('ben-1', two, 10), ...said(1, 900)],
    ...[closed('ann-1', 1005), ...said(2, 1100), opened('ann-1', two, 1500)],
    ...[released('ann-1', 1, 1510), released('ann-1', 2, 1800), ...said(3, 2000), released('ann-1', 3, 2020)],
  ];
  expect(recoveryOf({ events }, { kills, stays })).toEqual({
    clients: 1,
    isMachineBusy: false,
    p50Ms: 800,
    p99Ms: 800,
    maxMs: 800,
  });
});

test('a client that does not come back is never caught up', () => {
  const events = [opened('ann-1', one, 10), closed('ann-1', 1005)];
  expect(recoveryOf({ events }, { kills, stays })).toMatchObject({ clients: 1, maxMs: Infinity });
});

test('clients of other nodes, and those that go by themselves, are not measured', () => {
  const events = [opened('ann-1', one, 10), opened('ben-1', two, 10), closed('ann-1', 1005)];
  expect(recoveryOf({ events }, { kills, stays: ({ reader }) => reader !== 'ann-1' })).toBeUndefined();
});

test('a machine that is slow to answer clients of the other nodes is busy', () => {
  const events = [opened('ann-1', one, 10), closed('ann-1', 1005), ...said(1, 1200, 1500)];
  expect(recoveryOf({ events }, { kills, stays })).toMatchObject({ isMachineBusy: true });
});

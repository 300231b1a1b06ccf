import { expect, test } from 'vitest';
import type { Decision } from '#lib/api/shapes.ts';
import { outcomeOf } from './outcome.ts';

type Decided = Exclude<Decision['decided'], undefined>;

const message = {
  ...{ messageId: 'm', kind: 'message', action: 'new_message', at: '2026-11-28T18:00:00.000Z', stream: 'c:c1', seq: 1 },
  senderId: 'alice',
};
const tab = (reason: Decided['realtime'][number]['reason']): Decided['realtime'] => [
  { connectionId: 'c', deviceType: 'desktop', page: '/chat', reason },
];
const device = (reason: Decided['push'][number]['reason']): Decided['push'] => [
  { deviceId: 'd', provider: 'hook', deviceType: 'mobile', steps: [], attempts: [], reason },
];

test.each<[string, Decided | undefined, string]>([
  ['seen in a tab', { realtime: tab('acked'), push: [] }, 'got'],
  ['in a tab that nobody looked at', { realtime: tab('acked_hidden'), push: [] }, 'not'],
  ['in a hidden tab, then pushed', { realtime: tab('acked_hidden'), push: device('accepted_by_provider') }, 'got'],
  ['nowhere', { realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' }, 'not'],
  ['muted', { realtime: [], reason: 'no_connection', push: [], pushReason: 'muted' }, 'not'],
  ['to be pushed again', { realtime: [], push: device('retrying') }, 'pending'],
  ['forgotten', undefined, 'unknown'],
])('what was %s', (_name, decided, outcome) => {
  expect(outcomeOf({ ...message, ...(decided === undefined ? {} : { decided }) }, 'bob')).toBe(outcome);
});

test('nobody waits for what they sent themselves', () => {
  expect(outcomeOf({ ...message, senderId: 'bob' }, 'bob')).toBe('own');
});

// What a message comes to.
import { reasonsThatAre } from '@belfry/protocol';
import { expect, test, vi } from 'vitest';

vi.mock('#texts', () => ({
  m: new Proxy({}, { get: (_, name) => (values?: object) => `${String(name)}${values ? JSON.stringify(values) : ''}` }),
}));

const { failedReasons, isMissed, openReasons, outcomeOf, personOutcome, reachedBy, withheldReasons, worstFirst } =
  await import('./outcome.ts');

const sums = { seen: 0, pushed: 0, withheld: 0, failed: 0 };
const ofRow = (counts: Record<string, number>, more: object = {}) =>
  outcomeOf({ state: 'done', recipients: 3, sums, counts, ...more });

test.each([
  ['moving', { retrying: 1, target_gone: 1 }, { state: 'moving' }, 'warn', 'reason_retrying'],
  ['the gravest failure', { target_gone: 1, credentials_rejected: 2, acked: 9 }, {}, 'bad', 'reason_credentials'],
  ['seen by all', { acked: 4 }, { sums: { ...sums, seen: 3 } }, 'good', 'msg_seen_by_all'],
  ['seen by some', { acked: 1 }, { sums: { ...sums, seen: 1 } }, 'good', 'msg_seen_by{"seen":1,"of":3}'],
  ['seen and pushed', {}, { sums: { ...sums, seen: 2, pushed: 2 } }, 'good', 'msg_reached{"reached":3,"of":3}'],
  ['withheld', { muted: 1, no_connection: 3 }, {}, 'off', 'reason_muted'],
  ['nobody there', { no_connection: 3, no_device: 1 }, {}, 'off', 'reason_no_connection'],
  ['for nobody', {}, { recipients: 0 }, 'off', 'msg_nobody'],
])('%s is said in one chip', (_name, counts, more, tone, text) => {
  expect(ofRow(counts, more)).toEqual({ tone, text });
});

const connection = { connectionId: 'c', deviceType: 'desktop', page: '/chat' } as const;
const device = { deviceId: 'd', provider: 'hook', deviceType: 'mobile', steps: [], attempts: [] } as const;
const person = (userId: string, realtime: string[], push: string[], own: object = {}) =>
  ({
    userId,
    realtime: realtime.map((reason) => ({ ...connection, reason })),
    push: push.map((reason) => ({ ...device, reason })),
    ...own,
  }) as never;

test('who did not get it comes first, and who was not to get it last', () => {
  const people = [
    person('sender', ['excluded_sender'], []),
    person('reader', ['acked'], ['cancelled_acked']),
    person('waiting', ['sent'], ['waiting_for_ack']),
    person('away', [], [], { reason: 'no_connection', pushReason: 'no_device' }),
    person('gone', ['acked_hidden'], ['target_gone']),
    person('pushed', [], ['accepted_by_provider', 'target_gone']),
  ];
  expect(worstFirst(people).map(({ userId }) => userId)).toEqual([
    'gone',
    'away',
    'waiting',
    'reader',
    'pushed',
    'sender',
  ]);
  expect(people.filter(isMissed).map((each: { userId: string }) => each.userId)).toEqual(['away', 'gone']);
  expect(personOutcome(person('x', [], [], { reason: 'not_a_member' }))).toBe('none');
});

test('what reached somebody, failed, or is under way is what the protocol says', () => {
  expect([...openReasons].sort()).toEqual(reasonsThatAre('open').sort());
  expect([...failedReasons].sort()).toEqual(reasonsThatAre('failed').sort());
  expect([...reachedBy].sort()).toEqual(reasonsThatAre('reached').sort());
  expect([...withheldReasons].sort()).toEqual(reasonsThatAre('withheld').sort());
});

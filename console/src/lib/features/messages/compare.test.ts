// What was decided beside what would be now, and a journey as a test.
import { expect, test } from 'vitest';
import { asTest } from './as-test.ts';
import { differingUsers } from './compare.ts';

const tab = (connectionId: string, reason: string) => ({ connectionId, deviceType: 'desktop', page: '/chat', reason });
const phone = (reason: string) => ({
  deviceId: 'd',
  provider: 'hook',
  deviceType: 'mobile',
  reason,
  steps: [],
  attempts: [],
});

test('who has seen it by now, or got it by push, was sent it then and would be now', () => {
  const then = [
    { userId: 'same', realtime: [tab('1', 'acked')], push: [phone('cancelled_acked')] },
    { userId: 'muted', realtime: [tab('2', 'acked_hidden')], push: [phone('muted')] },
    { userId: 'came', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
    { userId: 'gone', realtime: [], reason: 'no_connection', push: [phone('target_gone')] },
  ];
  const now = [
    { userId: 'same', realtime: [tab('7', 'sent')], push: [phone('waiting_for_ack')] },
    { userId: 'muted', realtime: [tab('2', 'sent')], push: [phone('queued')] },
    { userId: 'came', realtime: [tab('9', 'sent')], push: [], pushReason: 'no_device' },
    { userId: 'gone', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
  ];
  expect([...differingUsers(then as never, now as never)]).toEqual(['muted', 'came', 'gone']);
});

test('a journey as a test says what became of it, and no ids or times that change', () => {
  const journey = {
    message: { id: 'm1', kind: 'message', acceptedAt: '2026-01-01T00:00:00.000Z' },
    counts: { acked: 1, no_device: 1 },
    recipients: [{ userId: '__proto__', realtime: [tab('1', 'acked')], push: [], pushReason: 'no_device' }],
  };
  expect(JSON.parse(asTest(journey as never))).toEqual({
    journeyOf: 'm1',
    expected: {
      kind: 'message',
      counts: { acked: 1, no_device: 1 },
      recipients: JSON.parse('{"__proto__":{"realtime":[["desktop","/chat","acked"]],"push":"no_device"}}') as unknown,
    },
  });
});

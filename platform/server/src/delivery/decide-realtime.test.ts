import type { DeviceType } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { sampleDevice, sampleMessage } from '../../test/support/samples.ts';
import { decideByRule, decidePush, decideRealtime, type ConnectionFacts } from './decide-realtime.ts';
import type { RealtimeRule } from './delivery.ts';

const connection: ConnectionFacts = {
  connectionId: 'k1',
  userId: 'bob',
  deviceType: 'desktop',
  connectionType: 'chat',
  features: ['messaging'],
};
const rule: RealtimeRule = { action: 'new_message', realtime: 'all' };
const { policy } = sampleMessage({ seq: 1 });

describe('a connection', () => {
  test.each<[string, Partial<ConnectionFacts>, Partial<RealtimeRule>]>([
    ['sent', {}, {}],
    ['sent', {}, { realtime: ['mobile', 'desktop'] }],
    ['sent', { features: new Set(['messaging']) }, {}],
    ['sent', {}, { connectionTypes: ['admin', 'chat'] }],
    ['sent', { features: [] }, { action: 'direct_message' }],
    ['sent', { features: ['labs'] }, { action: 'lab_result', feature: 'labs' }],
    ['sent', { features: ['notifications'] }, { action: 'announcement' }],
    ['device_type_excluded', {}, { realtime: 'none' }],
    ['device_type_excluded', {}, { realtime: ['mobile'] }],
    ['device_type_excluded', {}, { connectionTypes: ['admin'] }],
    ['feature_off_on_page', { features: [] }, {}],
    ['feature_off_on_page', {}, { action: 'read_status' }],
    ['feature_off_on_page', {}, { action: 'lab_result', feature: 'labs' }],
    ['feature_off_on_page', { features: ['labs'] }, { feature: 'labs' }],
  ])('is %s for %o under %o', (reason, facts, change) => {
    expect(decideByRule({ ...connection, ...facts }, { ...rule, ...change })).toBe(reason);
  });

  test.each([
    ['excluded_sender', 'bob', 'other_connections', 'k1'],
    ['sent', 'bob', 'other_connections', 'k2'],
    ['excluded_sender', 'bob', 'nothing', 'k2'],
    ['sent', 'alice', 'nothing', undefined],
    ['sent', 'bob', 'like_anybody', undefined],
    ['excluded_sender', 'bob', 'like_anybody', 'k1'],
  ] as const)(
    'is %s when %s sent it, who gets %s, by connection %s',
    (reason, senderId, sender, originConnectionId) => {
      expect(decideRealtime(connection, { rule, senderId, sender, originConnectionId })).toBe(reason);
    },
  );
});

describe('a push', () => {
  const phone = sampleDevice({ id: 'p', userId: 'bob' });
  const dead = sampleDevice({ id: 'q', userId: 'bob', provider: 'gone' });
  const facts = { policy, waitMs: 5000, devices: [phone], isServed: (id: string) => id === 'hook', isAwaited: true };

  test.each([
    [
      'waits while somebody may acknowledge',
      {},
      { push: [{ reason: 'waiting_for_ack', afterMs: 5000 }], when: 'wait' },
    ],
    ['is made at once when nobody can', { isAwaited: false }, { push: [{ reason: 'queued' }], when: 'now' }],
    ['is made at once where the policy waits 0 ms', { waitMs: 0 }, { push: [{ reason: 'queued' }], when: 'now' }],
    [
      'is made at once under a policy that always pushes',
      { policy: { ...policy, push: 'always' as const } },
      { push: [{ reason: 'queued' }], when: 'now' },
    ],
    [
      'is never made under a policy that never pushes',
      { policy: { ...policy, push: 'never' as const } },
      { push: [], pushReason: 'policy_never' },
    ],
    ['needs a device', { devices: undefined }, { push: [], pushReason: 'no_device' }],
    ['needs a device, and none is none', { devices: [] }, { push: [], pushReason: 'no_device' }],
    [
      'needs a device of a type that is meant',
      { policy: { ...policy, pushTo: ['desktop' as const] } },
      { push: [], pushReason: 'no_device' },
    ],
    ['needs a provider', { devices: [dead] }, { push: [{ reason: 'no_provider_for_device' }] }],
    [
      'goes to the device that a provider serves',
      { devices: [dead, phone] },
      { push: [{ reason: 'no_provider_for_device' }, { reason: 'waiting_for_ack' }], when: 'wait' },
    ],
  ])('%s', (_name, change, expected) => {
    const plan = decidePush({ ...facts, ...change });
    expect(plan).toMatchObject(expected);
    expect(Object.hasOwn(plan, 'when')).toBe(Object.hasOwn(expected, 'when'));
    expect(plan.push).toHaveLength(expected.push.length);
  });
});

test.each<[DeviceType[], 'all' | DeviceType[], DeviceType[]]>([
  [['mobile', 'desktop'], 'all', ['mobile', 'desktop']],
  [
    ['desktop', 'mobile', 'mobile'],
    ['mobile', 'desktop'],
    ['mobile', 'mobile'],
  ],
  [['desktop', 'tablet'], ['mobile', 'tablet', 'desktop'], ['tablet']],
  [['desktop'], ['mobile'], []],
])('of the devices %o the order %o means %o', (have, pushTo, expected) => {
  const devices = have.map((deviceType) => sampleDevice({ userId: 'bob', deviceType }));
  const plan = decidePush({
    policy: { ...policy, pushTo },
    waitMs: 0,
    devices,
    isServed: () => true,
    isAwaited: false,
  });
  expect(plan.push.map(({ deviceType }) => deviceType)).toEqual(expected);
});

import type { DeviceType } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { sampleDevice, sampleMessage } from '../../test/support/samples.ts';
import { decidePush } from './decide-push.ts';

const { policy } = sampleMessage({ seq: 1 });

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

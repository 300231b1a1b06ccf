// The policy that a broadcast is stored and decided by: the defaults, what its kind says, narrowed by its
// audience.

import { deliveryPolicySchema, type Audience, type BroadcastRequest, type DeviceType } from '@belfry/protocol';
import type { StoredPolicy } from '../ports/stores/index.ts';
import type { KindRow } from './kinds.ts';

/**
 * Of the kinds whose broadcasts narrow nothing, which are nearly all: the same object for every message of a
 * kind.
 */
const wholePolicies = new WeakMap<KindRow, StoredPolicy>();

export function policyOf(row: KindRow, { audience }: Pick<BroadcastRequest, 'audience'>): StoredPolicy {
  if (audience.deviceTypes !== undefined || audience.connectionTypes !== undefined)
    return narrowedPolicy(row, audience);
  let policy = wholePolicies.get(row);
  if (policy === undefined) wholePolicies.set(row, (policy = narrowedPolicy(row, audience)));
  return policy;
}

function narrowedPolicy(row: KindRow, audience: Audience): StoredPolicy {
  const policy = deliveryPolicySchema.parse(row.policy);
  return {
    ...policy,
    // Without a log there is no cursor to decide a push by.
    ...(row.durable === false ? { push: 'never' as const } : {}),
    realtime: narrow(policy.realtime, audience.deviceTypes),
    ...(audience.connectionTypes === undefined ? {} : { connectionTypes: audience.connectionTypes }),
    ...(row.feature === undefined ? {} : { feature: row.feature }),
  };
}

function narrow(
  realtime: StoredPolicy['realtime'],
  deviceTypes: readonly DeviceType[] | undefined,
): StoredPolicy['realtime'] {
  if (deviceTypes === undefined || realtime === 'none') return realtime;
  const both = deviceTypes.filter((type) => realtime === 'all' || realtime.includes(type));
  return both.length === 0 ? 'none' : both;
}

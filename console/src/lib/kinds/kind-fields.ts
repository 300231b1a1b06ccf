// A kind as fields that are changed, compared and merged one by one: those of its policy and of who may send it are
// fields of their own. Knows no screen.
import type { OwnKind } from '#lib/api/shapes.ts';

type Policy = OwnKind['policy'];
export type KindContent = Pick<OwnKind, 'action' | 'audience' | 'durable' | 'policy'> &
  Pick<Partial<OwnKind>, 'feature' | 'sentBy'>;

export const deviceTypes = ['mobile', 'tablet', 'desktop'] as const;
export type DeviceType = (typeof deviceTypes)[number];

/** `waitMs`: null for what the app says. Lists of devices stand in order. */
export interface KindFields extends Record<string, unknown> {
  kind: string;
  action: string;
  audience: KindContent['audience'];
  durable: 'conversation' | 'inbox' | 'none';
  feature: string;
  realtime: 'all' | 'none' | 'some';
  realtimeTypes: DeviceType[];
  push: NonNullable<Policy['push']>;
  pushTo: 'all' | 'some';
  pushToTypes: DeviceType[];
  waitMs: number | null;
  ttlSeconds: number;
  priority: NonNullable<Policy['priority']>;
  collapseKey: string;
  respectPreferences: boolean;
  backEnds: boolean;
  hooks: boolean;
  users: 'nobody' | 'everybody' | 'roles';
  userRoles: string;
}

/** As the server fills in what a policy leaves out. */
const policyDefaults = {
  realtime: 'all',
  push: 'undelivered',
  pushTo: 'all',
  ttlSeconds: 86_400,
  priority: 'normal',
  respectPreferences: true,
} as const;

/** What somebody begins with who adds a kind. */
export const newKind: KindContent = { action: '', audience: 'users', durable: 'inbox', policy: {} };

export function fieldsOf(kind: string, content: KindContent): KindFields {
  const { action, audience, durable, feature = '', sentBy, policy } = content;
  const { realtime, push, pushTo, ttlSeconds, priority, respectPreferences } = { ...policyDefaults, ...policy };
  const users = sentBy?.users ?? false;
  return {
    ...{ kind, action, audience, durable: durable === false ? 'none' : durable, feature },
    realtime: typeof realtime === 'string' ? realtime : 'some',
    realtimeTypes: typeof realtime === 'string' ? [] : [...realtime],
    push,
    pushTo: typeof pushTo === 'string' ? pushTo : 'some',
    pushToTypes: typeof pushTo === 'string' ? [] : [...pushTo],
    waitMs: policy.waitMs ?? null,
    ...{ ttlSeconds, priority, respectPreferences },
    collapseKey: policy.collapseKey ?? '',
    ...{ backEnds: sentBy?.backEnds ?? true, hooks: sentBy?.hooks ?? true },
    users: Array.isArray(users) ? 'roles' : users ? 'everybody' : 'nobody',
    userRoles: Array.isArray(users) ? users.join(', ') : '',
  };
}

/** Fields of the policy that hold by default are left out, as far as `before` leaves them out. */
export function contentOfFields(fields: KindFields, before: KindContent = newKind): KindContent {
  const { action, audience, feature, backEnds, hooks } = fields;
  const durable = isKeepable(audience) && fields.durable !== 'none' ? fields.durable : false;
  const users = usersOf(fields);
  const isUsual = backEnds && hooks && users === false;
  return {
    ...{ action: action.trim(), audience, durable, policy: policyOf(fields, before.policy) },
    ...(feature.trim() === '' ? {} : { feature: feature.trim() }),
    ...(isUsual && before.sentBy === undefined ? {} : { sentBy: { backEnds, hooks, users } }),
  };
}

/** What goes to a topic or to everyone who is connected has no log. */
export function isKeepable(audience: KindContent['audience']): boolean {
  return audience !== 'topic' && audience !== 'everyone';
}

function policyOf(fields: KindFields, before: Policy): Policy {
  const { realtime, realtimeTypes, push, pushTo, pushToTypes, waitMs, ttlSeconds, priority } = fields;
  const { collapseKey, respectPreferences } = fields;
  const given: Policy = {
    realtime: realtime === 'some' ? realtimeTypes : realtime,
    push,
    pushTo: pushTo === 'some' ? pushToTypes : pushTo,
    ...(waitMs === null ? {} : { waitMs }),
    ...{ ttlSeconds, priority },
    ...(collapseKey.trim() === '' ? {} : { collapseKey: collapseKey.trim() }),
    respectPreferences,
  };
  const defaults = new Map<string, unknown>(Object.entries(policyDefaults));
  return Object.fromEntries(
    Object.entries(given).filter(([field, value]) => field in before || defaults.get(field) !== value),
  );
}

function usersOf({ users, userRoles }: KindFields): boolean | string[] {
  if (users === 'roles') return userRoles.split(/[\s,]+/).filter((role) => role !== '');
  return users === 'everybody';
}

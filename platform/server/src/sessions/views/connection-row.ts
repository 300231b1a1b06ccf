// A connection as a row of a list: plain values, made anew when one of them has changed. Which rows a list has:
// connection-filter.ts.

import { isVisitor, type DeviceType } from '@belfry/protocol';
import type { ConnectionRecord } from '../../ports/presence.ts';
import type { Session } from '../session.ts';

/** What a tab does with the policy of its page: the newest, an older one, or nobody knows. */
export type PolicyState = 'current' | 'old' | 'unsaid';

export interface ConnectionRow {
  readonly id: string;
  readonly user: string;
  readonly name?: string;
  readonly visitor: boolean;
  readonly device: DeviceType;
  readonly deviceId: string;
  /** The path, and the pattern of the policy that it falls under. */
  readonly path: string;
  readonly page: string;
  readonly type: string;
  readonly node: string;
  readonly visible: boolean;
  readonly attended: boolean;
  readonly connectedAt: string;
  /** The version that this server goes by for the page. */
  readonly policy?: number;
  /** The version that the client says it has put into effect. */
  readonly confirmed?: number;
  readonly policyState: PolicyState;
  readonly rttMs?: number;
  /** Bytes that the client has not taken; 0 for as few as are always on their way. */
  readonly behindBytes: number;
  readonly platform?: string;
  readonly appVersion?: string;
  readonly locale?: string;
}

/** Less than this waits for every client now and then. */
const noticedBytes = 16 * 1024;

export function behindBytesOf({ outlet }: Pick<Session, 'outlet'>): number {
  const bytes = outlet.bufferedBytes();
  return bytes < noticedBytes ? 0 : bytes;
}

/** A connection of this node. */
export function rowOfSession(session: Session): ConnectionRow {
  const { device, page, profile, policyVersion: confirmed, rttMs } = session;
  const { pattern, connectionType, version: policy } = page.policy;
  return {
    id: session.id,
    user: session.userId,
    ...(profile.name === undefined ? {} : { name: profile.name }),
    visitor: session.visitor,
    ...{ device: device.type, deviceId: device.id },
    ...{ path: page.path, page: pattern, type: connectionType, node: session.node },
    ...{ visible: session.visible, attended: session.attended, connectedAt: session.connectedAt, policy },
    ...(confirmed === undefined ? {} : { confirmed }),
    policyState: confirmed === undefined ? 'unsaid' : confirmed === policy ? 'current' : 'old',
    ...(rttMs === undefined ? {} : { rttMs }),
    behindBytes: behindBytesOf(session),
    ...(device.platform === undefined ? {} : { platform: device.platform }),
    ...(device.appVersion === undefined ? {} : { appVersion: device.appVersion }),
    ...(device.locale === undefined ? {} : { locale: device.locale }),
  };
}

/** A connection of another node: what presence knows of it. */
export function rowOfRecord(record: ConnectionRecord): ConnectionRow {
  const { connectionId: id, userId: user, deviceType: device, deviceId, page: path, pattern: page } = record;
  const { connectionType: type, node, visible, attended, connectedAt, policyVersion } = record;
  return {
    ...{ id, user, visitor: isVisitor(user), device, deviceId, path, page, type, node, visible, attended, connectedAt },
    ...(policyVersion === undefined ? {} : { confirmed: policyVersion }),
    ...{ policyState: 'unsaid', behindBytes: 0 },
  };
}

// One accepted connection of a user or visitor, as the rest of the server sees it. Its socket is the
// gateway's; the others are in registry.ts.
import { isVisitor, type CloseName, type DeviceType, type Frame, type ServerEvent } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { ResolvedPage } from '../pages/policy-set.ts';
import type { AppId } from '../ports/app-id.ts';
import type { ConnectionRecord } from '../ports/presence.ts';
import type { DeliveredMeans } from '../ports/stores/tenancy.ts';
import type { Encoded } from './encoded.ts';

/**
 * The way to the client. Never throws and never blocks; after the connection has begun to close, sending does
 * nothing.
 */
export interface Outlet {
  /**
   * Takes the event. It leaves with everything else that falls due in this turn of the event loop, in the
   * order given.
   */
  send(encoded: Encoded): void;
  /**
   * Bytes the client has not taken yet, ours and the socket's. Above `sendBehindBytes` (256 KiB) no durable
   * event may be sent.
   */
  bufferedBytes(): number;
  close(code: CloseName): void;
  /** Calls `listen` each time `bufferedBytes` has come down to `sendBehindBytes` after having been above. */
  onDrain(listen: () => void): void;
}

/** Is told what passes over a connection, while somebody watches it: tap.ts. */
export interface SessionTap {
  came(frame: Frame, bytes: number): void;
  /** `code` of the error; without where all went well. */
  answered(frame: Partial<Frame>, answer: { code?: string; bytes: number }): void;
  sent(event: ServerEvent, bytes: number): void;
}

export interface SessionDevice {
  /** The client's own id of the device. */
  readonly id: string;
  readonly type: DeviceType;
  readonly platform?: string | undefined;
  readonly appVersion?: string | undefined;
  readonly locale?: string | undefined;
}

export interface SessionProfile {
  readonly name?: string | undefined;
  readonly avatar?: string | undefined;
  readonly roles?: readonly string[] | undefined;
}

export interface SessionInit {
  /** A fresh UUIDv7 when left out. */
  id?: string;
  app: AppId;
  userId: string;
  device: SessionDevice;
  page: ResolvedPage;
  visible: boolean;
  /** As `visible` where the client does not say. */
  attended?: boolean | undefined;
  rttMs?: number | undefined;
  policyVersion?: number | undefined;
  /** The app's setting: which acknowledgements say that somebody has seen it. */
  deliveredMeans?: DeliveredMeans | undefined;
  /** The node this process is, as presence names it. */
  node: string;
  /** Wall clock, ms since the epoch. */
  connectedAtMs: number;
  outlet: Outlet;
  /** Of the client, as far as it is known. */
  address?: string;
  profile?: SessionProfile;
  tokenTopics?: readonly string[];
  tokenPresenceTopics?: readonly string[];
  /** ms since the epoch; both undefined for visitors. */
  tokenExpiresAtMs?: number | undefined;
  tokenIssuedAtMs?: number | undefined;
}

const noTopics: ReadonlySet<string> = new Set();

export class Session {
  /** Of its user, the count of changes (registry.ts) since which one or another connection of theirs was here. */
  hereSince = 0;
  /** When it could be found by events, monotonic ms. */
  openedAtMs = -Infinity;
  /** The connection id. */
  readonly id: string;
  readonly app: AppId;
  readonly userId: string;
  readonly visitor: boolean;
  readonly device: SessionDevice;
  readonly node: string;
  /** ISO 8601, UTC, ms. */
  readonly connectedAt: string;
  readonly outlet: Outlet;
  readonly address: string | undefined;

  /** Changed by `sessions.moved` and `sessions.enforce` alone, which inform presence and others. */
  page: ResolvedPage;
  /** The attention that the client reports; changed by `sessions.setAttention` alone. */
  visible: boolean;
  /** Somebody sits there. Never without `visible`. */
  attended: boolean;
  rttMs: number | undefined;
  /** The version of the page policy that the client has put into effect. */
  policyVersion: number | undefined;
  /** Changed by `sessions.setDeliveredMeans` alone. */
  deliveredMeans: DeliveredMeans;
  /**
   * Changed by `registry.subscribe` and `unsubscribe` alone. Most connections have none, and share the empty
   * set.
   */
  topics: ReadonlySet<string> = noTopics;
  /** Topics that the token names; renewed with it. */
  tokenTopics: readonly string[];
  tokenPresenceTopics: readonly string[];
  /** Topics in which others see its user; changed by topic-presence.ts alone. */
  shownIn: readonly string[] = [];
  profile: SessionProfile;
  tokenExpiresAtMs: number | undefined;
  tokenIssuedAtMs: number | undefined;
  /** Set when the connection begins to close; from then on nothing is sent. */
  closed = false;
  /** While somebody watches what passes; opened and closed by tap.ts alone. */
  tap: SessionTap | undefined = undefined;
  /** What it did, owned by connection-history.ts, which alone knows its type. */
  history: unknown = undefined;
  /** Delivery state, owned by delivery/session-state.ts, which alone knows its type. */
  deliveryState: unknown = undefined;
  /** The positions its client acknowledged, owned by acks.ts, which alone knows their type. */
  acked: unknown = undefined;

  constructor(init: SessionInit) {
    this.id = init.id ?? uuidv7();
    this.app = init.app;
    this.userId = init.userId;
    this.visitor = isVisitor(init.userId);
    this.device = init.device;
    this.node = init.node;
    this.connectedAt = new Date(init.connectedAtMs).toISOString();
    this.outlet = init.outlet;
    this.address = init.address;
    this.page = init.page;
    this.visible = init.visible;
    this.attended = init.visible && init.attended !== false;
    this.rttMs = init.rttMs;
    this.policyVersion = init.policyVersion;
    this.deliveredMeans = init.deliveredMeans ?? 'attended';
    this.profile = init.profile ?? {};
    this.tokenTopics = init.tokenTopics ?? [];
    this.tokenPresenceTopics = init.tokenPresenceTopics ?? [];
    this.tokenExpiresAtMs = init.tokenExpiresAtMs;
    this.tokenIssuedAtMs = init.tokenIssuedAtMs;
  }

  /** Whether its acknowledgement says that somebody has seen what it has. */
  isSeenBySomebody(): boolean {
    if (this.device.type === 'mobile') return true;
    return this.deliveredMeans === 'attended' ? this.attended : this.visible;
  }

  /** The connection as presence keeps it; a new object each time. */
  record(): ConnectionRecord {
    const { policy, path } = this.page;
    return {
      connectionId: this.id,
      userId: this.userId,
      deviceId: this.device.id,
      deviceType: this.device.type,
      page: path,
      pattern: policy.pattern,
      connectionType: policy.connectionType,
      features: policy.features,
      visible: this.visible,
      attended: this.attended,
      ...(this.policyVersion === undefined ? {} : { policyVersion: this.policyVersion }),
      ...(this.shownIn.length === 0 ? {} : { topics: this.shownIn }),
      node: this.node,
      connectedAt: this.connectedAt,
    };
  }
}

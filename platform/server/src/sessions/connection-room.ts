// Whether one more connection of a user or visitor may open, and which older one goes for it. The limits of
// an app as a whole, and of an address, are the gateway's.
import type { AppId } from '../ports/app-id.ts';
import type { ConnectionRecord, Presence } from '../ports/presence.ts';
import type { Closing } from './closing.ts';
import type { ConnectionCount } from './connection-count.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export interface ConnectionRoomDeps {
  registry: Pick<Registry, 'ofUser' | 'ofApp'>;
  presence: Pick<Presence, 'elsewhere'>;
  count: Pick<ConnectionCount, 'elsewhere'>;
  sessions: Pick<Closing, 'disconnect'>;
  /** Connections of one user, on all nodes. */
  perUser: number;
}

export interface RoomWanted {
  /** The app's limit of connections. */
  ofApp: number;
  /** The connection that this one takes the place of: it does not count. */
  replaces?: string | undefined;
}

/**
 * Called in the turn in which the session is opened: sockets that connect together are counted one by one.
 */
export type RoomDecision = () => 'room' | 'full';

/** The part of an app's limit that visitors may take: who makes them by the thousand locks no user out. */
const visitorsShare = 0.9;

export class ConnectionRoom {
  readonly #deps: ConnectionRoomDeps;

  constructor(deps: ConnectionRoomDeps) {
    this.#deps = deps;
  }

  /** Never rejects: without presence this node's connections alone count. */
  async look(session: Session, wanted: RoomWanted): Promise<RoomDecision> {
    const { registry, presence, count } = this.#deps;
    const { app, userId } = session;
    if (session.visitor) {
      const elsewhere = await count.elsewhere(app);
      const most = Math.max(1, Math.floor(wanted.ofApp * visitorsShare));
      return () => ((registry.ofApp(app)?.size ?? 0) + elsewhere < most ? 'room' : 'full');
    }
    const elsewhere = await presence.elsewhere(app, [userId]).catch(() => []);
    return () => {
      const here = registry.ofUser(app, userId).map((each) => each.record());
      return this.#makeRoom(session, here.concat(elsewhere), wanted.replaces);
    };
  }

  /**
   * Of one device the newest connection is the one that somebody looks at, and the oldest may be gone without
   * a word. Those of other devices are never closed for it.
   */
  #makeRoom(
    { app, device }: Session,
    records: readonly ConnectionRecord[],
    replaces: string | undefined,
  ): 'room' | 'full' {
    const open = records.filter(({ connectionId }) => connectionId !== replaces);
    if (open.length < this.#deps.perUser) return 'room';
    const ofDevice = open.filter(({ deviceId }) => deviceId === device.id);
    const [oldest] = ofDevice.toSorted((a, b) => (a.connectedAt < b.connectedAt ? -1 : 1));
    if (oldest === undefined) return 'full';
    this.#close(app, oldest.connectionId);
    return 'room';
  }

  /**
   * Here it is gone when this returns. Elsewhere as the bus brings it; without the bus it stays one too many.
   */
  #close(app: AppId, connectionId: string): void {
    void this.#deps.sessions.disconnect(app, connectionId, 'connection_limit').catch(() => undefined);
  }
}

// The connections here whose page has user_monitoring. They get which connections of their app come and
// go, on any node.
import { mayReceive, type EventData } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import { encode } from './encoded.ts';
import type { Session } from './session.ts';

interface DeviceEvents {
  device_connected: EventData<'device_connected'>;
  device_disconnected: EventData<'device_disconnected'>;
}

export class Monitors {
  readonly #clock: Pick<Clock, 'now'>;
  /**
   * An index of their own: a look through all sessions for each that comes would make a thousand reconnects a
   * million looks.
   */
  readonly #apps = new Map<AppId, Set<Session>>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** To be called when a session opened or its page changed. */
  place(session: Session): void {
    if (!mayReceive(session.page.features, 'device_connected')) {
      this.remove(session);
      return;
    }
    const ofApp = this.#apps.get(session.app);
    if (ofApp === undefined) this.#apps.set(session.app, new Set([session]));
    else ofApp.add(session);
  }

  remove(session: Session): void {
    const ofApp = this.#apps.get(session.app);
    if (ofApp?.delete(session) === true && ofApp.size === 0) this.#apps.delete(session.app);
  }

  /** A connection does not hear of itself. */
  report<A extends keyof DeviceEvents>(app: AppId, action: A, data: DeviceEvents[A]): void {
    const ofApp = this.#apps.get(app);
    if (ofApp === undefined) return;
    const event = encode({ action, timestamp: new Date(this.#clock.now()).toISOString(), data: { ...data } });
    for (const session of ofApp) {
      if (session.id !== data.connectionId) session.outlet.send(event);
    }
  }
}

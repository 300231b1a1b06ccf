// The connections here whose page has user_monitoring: they are told which connections of their app come and go, on any node.
import { mayReceive, type EventData } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import { encode } from './encoded.ts';
import type { Session } from './session.ts';

interface DeviceEvents {
  device_connected: EventData<'device_connected'>;
  device_disconnected: EventData<'device_disconnected'>;
}

export interface Monitors {
  /** To be called when a session opened or its page changed. */
  place(session: Session): void;
  remove(session: Session): void;
  /** A connection is not told of itself. */
  report<A extends keyof DeviceEvents>(app: AppId, action: A, data: DeviceEvents[A]): void;
}

export function createMonitors(clock: Clock): Monitors {
  // An index of their own: looking through all sessions for each that comes would make a thousand reconnects a million looks.
  const monitors = new Map<AppId, Set<Session>>();

  function remove(session: Session): void {
    const ofApp = monitors.get(session.app);
    if (ofApp?.delete(session) === true && ofApp.size === 0) monitors.delete(session.app);
  }

  return {
    place(session) {
      if (!mayReceive(session.page.features, 'device_connected')) {
        remove(session);
        return;
      }
      const ofApp = monitors.get(session.app);
      if (ofApp === undefined) monitors.set(session.app, new Set([session]));
      else ofApp.add(session);
    },
    remove,
    report(app, action, data) {
      const ofApp = monitors.get(app);
      if (ofApp === undefined) return;
      const encoded = encode({ action, timestamp: new Date(clock.now()).toISOString(), data: { ...data } });
      for (const session of ofApp) {
        if (session.id !== data.connectionId) session.outlet.send(encoded);
      }
    },
  };
}

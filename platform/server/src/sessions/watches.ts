// Tells connections here of the users they watch: online at once, offline once and late. Who watches whom is kept here; who is online is not.
import { BelfryError, mayReceive, type PresenceState } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { encode } from './encoded.ts';
import type { Session } from './session.ts';

/** Going offline is told this long after the last connection went, so that a reload or a move to another node says nothing. */
const offlineGraceMs = 5000;
const usersPerRead = 200;

interface WatchesDeps {
  presenceOf: (app: AppId, userIds: readonly string[]) => Promise<PresenceState[]>;
  clock: Clock;
  log: Log;
  /** Users one session may watch at a time. */
  watchesPerSession: number;
}

export interface Watches {
  /** Throws `too_many`, and then changes nothing. Whoever answers with the present states reads them after this call, or may miss a change between. */
  watch(session: Session, userIds: readonly string[], on: boolean): void;
  drop(session: Session): void;
  /** Connections of these users came or went somewhere. A hint: their state is read anew, so that hints may be lost, doubled or late. */
  changed(app: AppId, userIds: Iterable<string>): void;
  /** Looks at everybody watched: finds what a lost hint, or a node that died, did not tell. */
  sweep(): void;
  stop(): void;
}

export function createWatches({ presenceOf, clock, log, watchesPerSession }: WatchesDeps): Watches {
  const apps = new Map<AppId, AppWatches>();
  const bySession = new WeakMap<Session, Set<string>>();
  let stopped = false;

  function start(session: Session, userIds: readonly string[]): void {
    const own = bySession.get(session) ?? new Set<string>();
    const fresh = new Set(userIds.filter((userId) => !own.has(userId)));
    if (own.size + fresh.size > watchesPerSession) {
      throw new BelfryError('too_many', { message: `A connection may watch ${watchesPerSession} users at a time.` });
    }
    if (session.closed || fresh.size === 0) return;
    bySession.set(session, own);
    let ofApp = apps.get(session.app);
    if (ofApp === undefined) apps.set(session.app, (ofApp = { users: new Map(), dirty: new Set(), reading: false }));
    for (const userId of fresh) {
      own.add(userId);
      const watched = ofApp.users.get(userId);
      if (watched === undefined) {
        ofApp.users.set(userId, {
          watchers: new Set([session]),
          told: undefined,
          hinted: false,
          grace: undefined,
          graceIsOver: false,
        });
        ofApp.dirty.add(userId);
      } else watched.watchers.add(session);
    }
    void read(session.app, ofApp);
  }

  function end(session: Session, userIds: Iterable<string>): void {
    const own = bySession.get(session);
    const ofApp = apps.get(session.app);
    if (own === undefined || ofApp === undefined) return;
    for (const userId of userIds) {
      const watched = ofApp.users.get(userId);
      if (!own.delete(userId) || watched === undefined) continue;
      watched.watchers.delete(session);
      if (watched.watchers.size > 0) continue;
      endGrace(watched);
      ofApp.users.delete(userId);
    }
    if (ofApp.users.size === 0) apps.delete(session.app);
  }

  /** One reading at a time and app; what changes meanwhile is in the next one. */
  async function read(app: AppId, ofApp: AppWatches): Promise<void> {
    if (ofApp.reading || stopped) return;
    ofApp.reading = true;
    try {
      while (ofApp.dirty.size > 0) {
        const userIds = [...ofApp.dirty].slice(0, usersPerRead);
        const hinted = new Set<string>();
        for (const userId of userIds) {
          ofApp.dirty.delete(userId);
          const watched = ofApp.users.get(userId);
          if (watched?.hinted === true) hinted.add(userId);
          if (watched !== undefined) watched.hinted = false;
        }
        const states = await presenceOf(app, userIds);
        for (const state of states) judge(app, state, hinted.has(state.userId));
      }
    } catch (error) {
      // The sweep comes back to it.
      log.debug('who is online could not be read', { app, err: error });
    } finally {
      ofApp.reading = false;
    }
  }

  function judge(app: AppId, state: PresenceState, hinted: boolean): void {
    const watched = apps.get(app)?.users.get(state.userId);
    if (watched === undefined || stopped) return;
    const key = keyOf(state);
    // The first reading is only remembered: the watcher gets the state as the answer to its command.
    if (watched.told === undefined && !hinted) watched.told = key;
    if (state.online || key === watched.told) {
      endGrace(watched);
      if (key !== watched.told) report(watched, state);
    } else if (watched.graceIsOver && !hinted) {
      endGrace(watched);
      report(watched, state);
    } else if (hinted || watched.grace === undefined) {
      // Counted anew from each hint: the last connection may have gone later, on another node.
      startGrace(app, state.userId, watched);
    }
  }

  function startGrace(app: AppId, userId: string, watched: Watched): void {
    endGrace(watched);
    watched.grace = clock.after(offlineGraceMs, () => {
      watched.graceIsOver = true;
      const ofApp = apps.get(app);
      if (ofApp === undefined) return;
      ofApp.dirty.add(userId);
      void read(app, ofApp);
    });
  }

  function report(watched: Watched, state: PresenceState): void {
    watched.told = keyOf(state);
    const encoded = encode({
      action: 'presence_update',
      timestamp: new Date(clock.now()).toISOString(),
      data: { ...state },
    });
    for (const session of watched.watchers) {
      if (mayReceive(session.page.features, 'presence_update')) session.outlet.send(encoded);
    }
  }

  return {
    watch: (session, userIds, on) => (on ? start(session, userIds) : end(session, userIds)),
    drop: (session) => end(session, [...(bySession.get(session) ?? [])]),
    changed(app, userIds) {
      const ofApp = apps.get(app);
      if (ofApp === undefined) return;
      for (const userId of userIds) {
        const watched = ofApp.users.get(userId);
        if (watched === undefined) continue;
        watched.hinted = true;
        ofApp.dirty.add(userId);
      }
      void read(app, ofApp);
    },
    sweep() {
      for (const [app, ofApp] of apps) {
        for (const userId of ofApp.users.keys()) ofApp.dirty.add(userId);
        void read(app, ofApp);
      }
    },
    stop() {
      stopped = true;
      for (const { users } of apps.values()) for (const watched of users.values()) endGrace(watched);
    },
  };
}

interface AppWatches {
  readonly users: Map<string, Watched>;
  /** To be read anew. */
  readonly dirty: Set<string>;
  reading: boolean;
}

interface Watched {
  readonly watchers: Set<Session>;
  /** The state the watchers know, in short. Undefined until it was read once. */
  told: string | undefined;
  /** Something happened since the last reading began. */
  hinted: boolean;
  grace: Timer | undefined;
  graceIsOver: boolean;
}

function endGrace(watched: Watched): void {
  watched.grace?.cancel();
  watched.grace = undefined;
  watched.graceIsOver = false;
}

/** What a change of is worth telling: not the moment they were last seen. */
function keyOf(state: PresenceState): string {
  return state.online ? state.deviceTypes.join(' ') : 'offline';
}

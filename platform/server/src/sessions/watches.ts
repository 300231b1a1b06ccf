// Tells connections here of the users they watch: online at once, offline once and late. Who is online is
// read from presence.
import { BelfryError, mayReceive, type PresenceState } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { encode } from './encoded.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { Session } from './session.ts';
import type { UserStates } from './user-states.ts';
import { WatchedUser } from './watched-user.ts';

const usersPerRead = 200;

interface WatchesDeps {
  states: Pick<UserStates, 'presenceOf'>;
  acquaintances: Pick<Acquaintances, 'whoKnows'>;
  /** Users one session may watch at a time. */
  perSession: number;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class Watches {
  readonly #deps: WatchesDeps;
  readonly #apps = new Map<AppId, AppWatches>();
  readonly #bySession = new WeakMap<Session, Set<string>>();
  #isStopped = false;

  constructor(deps: WatchesDeps) {
    this.#deps = deps;
  }

  /**
   * Throws `too_many`, and then changes nothing. A command that answers with the present states reads them
   * after this call, or may miss a change between.
   */
  watch(session: Session, userIds: readonly string[]): void {
    const { perSession } = this.#deps;
    const own = this.#bySession.get(session) ?? new Set<string>();
    const fresh = new Set(userIds.filter((userId) => !own.has(userId)));
    if (own.size + fresh.size > perSession) {
      throw new BelfryError('too_many', { message: `A connection may watch ${perSession} users at a time.` });
    }
    if (session.closed || fresh.size === 0) return;
    this.#bySession.set(session, own);
    const ofApp = this.#ofApp(session.app);
    for (const userId of fresh) {
      own.add(userId);
      this.#userOf(session.app, ofApp, userId).watchers.add(session);
    }
    void this.#read(session.app, ofApp);
  }

  unwatch(session: Session, userIds: Iterable<string>): void {
    const own = this.#bySession.get(session);
    const ofApp = this.#apps.get(session.app);
    if (own === undefined || ofApp === undefined) return;
    for (const userId of userIds) {
      const user = ofApp.users.get(userId);
      if (!own.delete(userId) || user === undefined) continue;
      user.watchers.delete(session);
      if (user.watchers.size > 0) continue;
      user.endGrace();
      ofApp.users.delete(userId);
    }
    if (ofApp.users.size === 0) this.#apps.delete(session.app);
  }

  /** The session has gone. */
  drop(session: Session): void {
    this.unwatch(session, [...(this.#bySession.get(session) ?? [])]);
  }

  /**
   * Connections of these users came or went on some node. A hint: their state is read anew, so that hints may
   * be lost, doubled or late.
   */
  changed(app: AppId, userIds: Iterable<string>): void {
    const ofApp = this.#apps.get(app);
    if (ofApp === undefined) return;
    for (const userId of userIds) {
      const user = ofApp.users.get(userId);
      if (user === undefined) continue;
      user.hint();
      ofApp.unread.add(userId);
    }
    void this.#read(app, ofApp);
  }

  /** Reads everybody who is watched: finds changes that a lost hint, or a node that died, did not report. */
  sweep(): void {
    for (const [app, ofApp] of this.#apps) {
      for (const userId of ofApp.users.keys()) ofApp.unread.add(userId);
      void this.#read(app, ofApp);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const { users } of this.#apps.values()) for (const user of users.values()) user.endGrace();
  }

  #ofApp(app: AppId): AppWatches {
    let ofApp = this.#apps.get(app);
    if (ofApp === undefined) this.#apps.set(app, (ofApp = { users: new Map(), unread: new Set(), isReading: false }));
    return ofApp;
  }

  #userOf(app: AppId, ofApp: AppWatches, userId: string): WatchedUser {
    const known = ofApp.users.get(userId);
    if (known !== undefined) return known;
    const user = new WatchedUser({
      clock: this.#deps.surroundings.clock,
      readAgain: () => {
        ofApp.unread.add(userId);
        void this.#read(app, ofApp);
      },
      report: (state) => this.#report(app, user, state),
    });
    ofApp.users.set(userId, user);
    ofApp.unread.add(userId);
    return user;
  }

  /** One reading at a time and app; what changes meanwhile is in the next one. */
  async #read(app: AppId, ofApp: AppWatches): Promise<void> {
    if (ofApp.isReading || this.#isStopped) return;
    ofApp.isReading = true;
    try {
      while (ofApp.unread.size > 0) await this.#readSome(app, ofApp);
    } catch (error) {
      // The sweep comes back to it.
      this.#deps.surroundings.log.debug('who is online could not be read', { app, err: error });
    } finally {
      ofApp.isReading = false;
    }
  }

  async #readSome(app: AppId, { users, unread }: AppWatches): Promise<void> {
    const userIds = [...unread].slice(0, usersPerRead);
    const hinted = new Set<string>();
    for (const userId of userIds) {
      unread.delete(userId);
      if (users.get(userId)?.takeHint() === true) hinted.add(userId);
    }
    const states = await this.#deps.states.presenceOf(app, userIds);
    if (this.#isStopped) return;
    for (const state of states) users.get(state.userId)?.update(state, hinted.has(state.userId));
  }

  /**
   * A session that shared a conversation with the user when it began to watch may share none now, so it is
   * asked with every change. One after the other, since the last one has to be the last that is published.
   */
  #report(app: AppId, user: WatchedUser, state: PresenceState): void {
    const { acquaintances, surroundings } = this.#deps;
    const timestamp = new Date(surroundings.clock.now()).toISOString();
    const event = encode({ action: 'presence_update', timestamp, data: { ...state } });
    user.inTurn(async () => {
      try {
        for (const session of await acquaintances.whoKnows(app, state.userId, [...user.watchers])) {
          const isStillWatching = user.watchers.has(session);
          if (isStillWatching && mayReceive(session.page.features, 'presence_update')) session.outlet.send(event);
        }
      } catch (error) {
        surroundings.log.debug('who may be told of a user could not be read', { app, err: error });
      }
    });
  }
}

interface AppWatches {
  readonly users: Map<string, WatchedUser>;
  /** To be read anew. */
  readonly unread: Set<string>;
  isReading: boolean;
}

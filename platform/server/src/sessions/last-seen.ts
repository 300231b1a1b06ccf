// Writes down who was here and when, and the profile their token gave, many users in one call. Nothing waits for it.
import type { AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { UserProfile, UserStore } from '../ports/stores/users.ts';
import type { Session } from './session.ts';

/** Short enough that the name of who has just connected is there when their first message is pushed to somebody. */
const gatherMs = 250;
const retryMs = 5000;
const usersPerCall = 500;

export interface LastSeen {
  /** The session's user is here now. Visitors are not written down. */
  record(session: Session): void;
  /** What is noted and not stored yet, ms since the epoch. */
  pending(app: AppId, userId: string): number | undefined;
  stop(): Promise<void>;
}

export function createLastSeen({ users, clock, log }: { users: UserStore; clock: Clock; log: Log }): LastSeen {
  let waiting = new Map<AppId, Map<string, UserProfile>>();
  let timer: Timer | undefined;
  let stopped = false;

  function put(app: AppId, profile: UserProfile): void {
    let ofApp = waiting.get(app);
    if (ofApp === undefined) waiting.set(app, (ofApp = new Map<string, UserProfile>()));
    ofApp.set(profile.userId, profile);
  }

  async function store(): Promise<void> {
    timer = undefined;
    const taken = waiting;
    waiting = new Map();
    let failure: unknown;
    for (const [app, profiles] of taken) {
      const all = [...profiles.values()];
      for (let at = 0; at < all.length; at += usersPerCall) {
        const part = all.slice(at, at + usersPerCall);
        try {
          await users.merge(app, part);
        } catch (error) {
          failure = error;
          for (const profile of part) if (waiting.get(app)?.has(profile.userId) !== true) put(app, profile);
        }
      }
    }
    if (failure === undefined) return;
    log.debug('when users were last seen could not be stored', { err: failure });
    arm(retryMs);
  }

  function arm(delayMs: number): void {
    if (!stopped) timer ??= clock.after(delayMs, () => void store());
  }

  return {
    record(session) {
      if (session.visitor) return;
      const { name, avatar, roles } = session.profile;
      put(session.app, {
        userId: session.userId,
        lastSeenAt: clock.now(),
        ...(name === undefined ? {} : { name }),
        ...(avatar === undefined ? {} : { avatar }),
        ...(roles === undefined ? {} : { roles }),
      });
      arm(gatherMs);
    },
    pending: (app, userId) => waiting.get(app)?.get(userId)?.lastSeenAt,
    async stop() {
      stopped = true;
      timer?.cancel();
      await store();
    },
  };
}

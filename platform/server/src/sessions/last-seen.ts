// Stores when users were last here, and the profile their token gave, many users in one call. Nothing waits
// for it.
import { partsOf } from '../concurrency/parts-of.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Timer } from '../ports/clock.ts';
import type { UserProfile, UserStore } from '../ports/stores/users.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Session } from './session.ts';

/**
 * Short enough that the name of a user who has just connected is there when their first message is pushed to
 * others.
 */
const gatherMs = 250;
const retryMs = 5000;
const usersPerCall = 500;

interface LastSeenDeps {
  users: Pick<UserStore, 'merge'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class LastSeen {
  readonly #deps: LastSeenDeps;
  #waiting = new Map<AppId, Map<string, UserProfile>>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(deps: LastSeenDeps) {
    this.#deps = deps;
  }

  /** The session's user is here now. Visitors are not recorded. */
  record(session: Session): void {
    if (session.visitor) return;
    const { name, avatar, roles } = session.profile;
    this.#put(session.app, {
      userId: session.userId,
      lastSeenAt: this.#deps.surroundings.clock.now(),
      ...(name === undefined ? {} : { name }),
      ...(avatar === undefined ? {} : { avatar }),
      ...(roles === undefined ? {} : { roles }),
    });
    this.#arm(gatherMs);
  }

  /** When the user was last seen, where that is not stored yet; ms since the epoch. */
  pending(app: AppId, userId: string): number | undefined {
    return this.#waiting.get(app)?.get(userId)?.lastSeenAt;
  }

  /** Stores what waits. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#store();
  }

  #put(app: AppId, profile: UserProfile): void {
    let ofApp = this.#waiting.get(app);
    if (ofApp === undefined) this.#waiting.set(app, (ofApp = new Map<string, UserProfile>()));
    ofApp.set(profile.userId, profile);
  }

  #arm(delayMs: number): void {
    if (!this.#isStopped) this.#timer ??= this.#deps.surroundings.clock.after(delayMs, () => void this.#store());
  }

  async #store(): Promise<void> {
    this.#timer = undefined;
    const taken = this.#waiting;
    this.#waiting = new Map();
    let failure: unknown;
    for (const [app, profiles] of taken) {
      for (const part of partsOf([...profiles.values()], usersPerCall)) {
        try {
          await this.#deps.users.merge(app, part);
        } catch (error) {
          failure = error;
          this.#putBack(app, part);
        }
      }
    }
    if (failure === undefined) return;
    this.#deps.surroundings.log.debug('when users were last seen could not be stored', { err: failure });
    this.#arm(retryMs);
  }

  /** Only where nothing newer of the user waits. */
  #putBack(app: AppId, profiles: readonly UserProfile[]): void {
    for (const profile of profiles) {
      if (this.#waiting.get(app)?.has(profile.userId) !== true) this.#put(app, profile);
    }
  }
}

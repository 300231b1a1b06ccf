// Follows on the bus the apps that have sessions here, and no others. Reading the messages is their handlers'
// business.
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Timer } from '../ports/clock.ts';
import type { Surroundings } from '../ports/surroundings.ts';

/**
 * A page that reloads leaves its app empty for a moment; following it anew would cost the bus more than a
 * minute's messages.
 */
const lingerMs = 60_000;

interface FollowingDeps {
  bus: Pick<Bus, 'events' | 'state'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

interface Followed {
  sessions: number;
  standing: Promise<void>;
  /** Undefined until the subscription stands. */
  since?: number;
  linger?: Timer | undefined;
}

export class Following {
  readonly #deps: FollowingDeps;
  readonly #apps = new Map<AppId, Followed>();
  #subscriptions = 0;

  constructor(deps: FollowingDeps) {
    this.#deps = deps;
  }

  /**
   * One more session of the app; resolves when its messages come. Does not reject: a bus that is away brings
   * them when it is back.
   */
  add(app: AppId): Promise<void> {
    const followed = this.#apps.get(app) ?? this.#begin(app);
    followed.sessions += 1;
    followed.linger?.cancel();
    followed.linger = undefined;
    return followed.standing;
  }

  /**
   * A number where the messages of the app are heard, another one for each time that this began anew: they were not
   * heard in between.
   */
  heardSince(app: AppId): number | undefined {
    return this.#deps.bus.state() === 'up' ? this.#apps.get(app)?.since : undefined;
  }

  /** One session fewer. */
  remove(app: AppId): void {
    const followed = this.#apps.get(app);
    if (followed === undefined) return;
    followed.sessions -= 1;
    if (followed.sessions > 0) return;
    followed.linger = this.#deps.surroundings.clock.after(lingerMs, () => void this.#unfollow(app));
  }

  async stop(): Promise<void> {
    for (const { linger } of this.#apps.values()) linger?.cancel();
    await Promise.all([...this.#apps.keys()].map((app) => this.#unfollow(app)));
  }

  #begin(app: AppId): Followed {
    const followed: Followed = { sessions: 0, standing: Promise.resolve() };
    this.#apps.set(app, followed);
    followed.standing = this.#follow(app).then(() => {
      this.#subscriptions += 1;
      followed.since = this.#subscriptions;
    });
    return followed;
  }

  async #follow(app: AppId): Promise<void> {
    try {
      await this.#deps.bus.events.follow(app);
    } catch (error) {
      this.#deps.surroundings.log.debug('bus could not follow an app', { app, err: error });
    }
  }

  async #unfollow(app: AppId): Promise<void> {
    this.#apps.delete(app);
    try {
      await this.#deps.bus.events.unfollow(app);
    } catch (error) {
      this.#deps.surroundings.log.debug('bus could not unfollow an app', { app, err: error });
    }
  }
}

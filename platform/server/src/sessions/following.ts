// Follows on the bus the apps that have sessions here, and no others. Reading the messages is their handlers'
// business.
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/**
 * A page that reloads leaves its app empty for a moment; following it anew would cost the bus more than a
 * minute's messages.
 */
const lingerMs = 60_000;

export interface Following {
  /**
   * One more session of the app; resolves when its messages come. Does not reject: a bus that is away brings
   * them when it is back.
   */
  add(app: AppId): Promise<void>;
  /** One session fewer. */
  remove(app: AppId): void;
  stop(): Promise<void>;
}

export function createFollowing({ bus, clock, log }: { bus: Pick<Bus, 'events'>; clock: Clock; log: Log }): Following {
  const apps = new Map<AppId, { sessions: number; standing: Promise<void>; linger?: Timer | undefined }>();

  async function follow(app: AppId): Promise<void> {
    try {
      await bus.events.follow(app);
    } catch (error) {
      log.debug('bus could not follow an app', { app, err: error });
    }
  }

  async function unfollow(app: AppId): Promise<void> {
    apps.delete(app);
    try {
      await bus.events.unfollow(app);
    } catch (error) {
      log.debug('bus could not unfollow an app', { app, err: error });
    }
  }

  return {
    add(app) {
      let entry = apps.get(app);
      if (entry === undefined) apps.set(app, (entry = { sessions: 0, standing: follow(app) }));
      entry.sessions += 1;
      entry.linger?.cancel();
      entry.linger = undefined;
      return entry.standing;
    },
    remove(app) {
      const entry = apps.get(app);
      if (entry === undefined) return;
      entry.sessions -= 1;
      if (entry.sessions === 0) entry.linger = clock.after(lingerMs, () => void unfollow(app));
    },
    async stop() {
      for (const { linger } of apps.values()) linger?.cancel();
      await Promise.all([...apps.keys()].map(unfollow));
    },
  };
}

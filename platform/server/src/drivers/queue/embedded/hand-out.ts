// Chooses which of the due jobs are handed out: apps take turns, within an app users do, and nobody holds
// more than their share (ports/queue.ts). Not where the jobs are: whoever keeps them answers for that.

import { LRUCache } from 'lru-cache';
import { Served } from '../../../concurrency/served.ts';
import { mayHoldMore, roomFor } from '../../../concurrency/share.ts';

/** The owner of a job that runs. */
export interface Holder {
  app: string;
  /** Empty where the job is nobody's. */
  user: string;
}

/** The due jobs of one queue. */
export interface DueJobs<J> {
  /** Apps that have some. */
  apps(): readonly string[];
  /** Of the users of an app who have some, in any fixed order: the one after this one, or the first. */
  userAfter(app: string, user: string | undefined): string | undefined;
  /** The one that fell due first. It is not due any more. */
  take(app: string, user: string): J | undefined;
}

const rememberedApps = 10_000;

export class HandOut {
  readonly #served = new Served();
  /** By app, whose turn it was last. */
  readonly #lastUsers = new LRUCache<string, string>({ max: rememberedApps });

  /** `slots`: how many jobs may run at once, with those of the holders. */
  choose<J>(due: DueJobs<J>, { holders, slots, limit }: { holders: readonly Holder[]; slots: number; limit: number }) {
    const held = new Held(holders);
    const apps = new Set(due.apps());
    const chosen: J[] = [];
    while (chosen.length < limit) {
      const free = slots - held.count;
      const able = [...apps].filter((app) => mayHoldMore(held.of(app), free));
      const app = this.#served.first(able, (each) => each);
      if (app === undefined) break;
      const user = this.#userOf(app, due, { held, room: roomFor(held.of(app), free) });
      const job = user === undefined ? undefined : due.take(app, user);
      if (user === undefined || job === undefined) {
        apps.delete(app);
        continue;
      }
      chosen.push(job);
      held.add({ app, user });
      this.#served.record(app);
      this.#lastUsers.set(app, user);
    }
    return chosen;
  }

  #userOf(app: string, due: DueJobs<unknown>, { held, room }: { held: Held; room: number }): string | undefined {
    const first = due.userAfter(app, this.#lastUsers.get(app)) ?? due.userAfter(app, undefined);
    let user = first;
    // Ends soon: only users who hold a job can be passed over.
    while (user !== undefined && user !== '' && !mayHoldMore(held.of(app, user), room)) {
      user = due.userAfter(app, user) ?? due.userAfter(app, undefined);
      if (user === first) return undefined;
    }
    return user;
  }
}

class Held {
  readonly #counts = new Map<string, number>();
  count = 0;

  constructor(holders: readonly Holder[]) {
    for (const holder of holders) this.add(holder);
  }

  of(app: string, user?: string): number {
    return this.#counts.get(keyOf(app, user)) ?? 0;
  }

  add({ app, user }: Holder): void {
    this.count += 1;
    for (const key of [keyOf(app), keyOf(app, user)]) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

function keyOf(app: string, user?: string): string {
  return JSON.stringify([app, user]);
}

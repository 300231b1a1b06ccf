// The feature `presence`: who of the watched users is online, now and from now on. Loaded where the page has
// `presence` or `user_monitoring`.
import type { PresenceState } from '@belfry/protocol';
import { createSource, type Observable } from '../observable.ts';
import { tableOf, type Table } from '../table-of.ts';
import type { Belfry, Unsubscribe } from '../types.ts';
import { onEachNew } from '../on-each-new.ts';

/** By user id; who is not in it is not known yet. */
export type PresenceSnapshot = Table<PresenceState>;

export interface Presence extends Observable<PresenceSnapshot> {
  /** Until the returned function is called. May be called for the same user more than once. */
  watch(userIds: readonly string[]): Unsubscribe;
  stop(): void;
}

/** Of one `presence` command (docs/protocol.md). */
const maxUsers = 100;

export function createPresence(belfry: Belfry): Presence {
  const { report } = belfry.surroundings;
  const source = createSource<PresenceSnapshot>(tableOf([]), report);
  /** How often each user is watched. */
  const watched = new Map<string, number>();
  const ends = [
    belfry.on('presence_update', ({ data }) => learn([data])),
    onEachNew(
      belfry,
      () => belfry.snapshot().connectionId,
      () => ask([...watched.keys()], true),
    ),
  ];

  return {
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    watch(userIds) {
      const fresh = userIds.filter((userId) => !watched.has(userId));
      for (const userId of userIds) watched.set(userId, (watched.get(userId) ?? 0) + 1);
      ask(fresh, true);
      let isOn = true;
      return () => {
        if (!isOn) return;
        isOn = false;
        unwatch(userIds);
      };
    },
    stop() {
      for (const end of ends) end();
      ask([...watched.keys()], false);
      watched.clear();
      source.set(tableOf([]));
    },
  };

  function unwatch(userIds: readonly string[]): void {
    const done: string[] = [];
    for (const userId of userIds) {
      const count = (watched.get(userId) ?? 1) - 1;
      if (count > 0) watched.set(userId, count);
      else if (watched.delete(userId)) done.push(userId);
    }
    ask(done, false);
    // A user who is not watched any more is not known any more.
    source.set(tableOf(Object.entries(source.snapshot()).filter(([userId]) => watched.has(userId))));
  }

  function ask(userIds: readonly string[], watch: boolean): void {
    if (belfry.snapshot().status !== 'connected') return;
    for (let first = 0; first < userIds.length; first += maxUsers) {
      belfry
        .command('presence', { userIds: userIds.slice(first, first + maxUsers), watch })
        // Refused or lost: asked again for the next connection; until then these users stay unknown.
        .then(
          ({ states }) => learn(states),
          () => undefined,
        );
    }
  }

  function learn(states: readonly PresenceState[]): void {
    const known = states.filter(({ userId }) => watched.has(userId));
    if (known.length === 0) return;
    const entries = known.map((state) => [state.userId, state] as const);
    source.set(tableOf([...Object.entries(source.snapshot()), ...entries]));
  }
}

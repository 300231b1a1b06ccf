// Worlds in which explain and broadcast disagree, each by one part of the engine that is not what it should
// be. The server's own code knows nothing of it.

import type { AppId } from '../../src/ports/app-id.ts';
import type { Bus } from '../../src/ports/bus.ts';
import type { Stores } from '../../src/ports/stores/index.ts';
import type { MessagingEngine, Plant } from './world.ts';

/** Of a push that is not sent, is sent too early, or ends otherwise. */
const pushes = /what the providers were sent|when .* was pushed|how the pushes ended/;

export const plants: readonly { what: string; plant: Plant; noticed: RegExp }[] = [
  {
    what: 'explain does not see the connections of other nodes',
    plant: (engine) => ({ ...engine, presence: { ...engine.presence, elsewhere: () => Promise.resolve([]) } }),
    noticed: /what \w+ got, of whom was said/,
  },
  {
    what: 'other nodes hear nothing',
    plant: (engine) => ({ ...engine, bus: withoutEvents(engine.bus) }),
    noticed: /what \w+ got, of whom was said/,
  },
  {
    what: 'preferences are gone when it comes to the push',
    plant: (engine) => {
      const queued = appsWithJobs(engine.queue);
      return withStores(engine, ({ preferences }) => ({
        preferences: {
          ...preferences,
          ofUsers: (app, userIds) => (queued.has(app) ? Promise.resolve(new Map()) : preferences.ofUsers(app, userIds)),
        },
      }));
    },
    noticed: pushes,
  },
  {
    what: 'devices are gone when it comes to the push',
    plant: (engine) =>
      withStores(engine, ({ devices }) => ({ devices: { ...devices, ofUsers: onceThenNothing(devices.ofUsers) } })),
    noticed: pushes,
  },
  {
    what: 'acknowledgements are not stored',
    plant: (engine) =>
      withStores(engine, ({ cursors }) => ({ cursors: { ...cursors, advance: () => Promise.resolve() } })),
    noticed: pushes,
  },
  {
    what: 'what became of pushes is not recorded',
    plant: (engine) =>
      withStores(engine, ({ journeys }) => ({
        journeys: {
          ...journeys,
          append: (app, rows) =>
            journeys.append(
              app,
              rows.filter(({ type }) => type === 'plan'),
            ),
        },
      })),
    noticed: /how the (pushes|connections) ended/,
  },
];

function withoutEvents(bus: Bus): Bus {
  const { events } = bus;
  return {
    control: bus.control,
    events: {
      publish: () => Promise.resolve(),
      on: (...args) => events.on(...args),
      follow: (app) => events.follow(app),
      unfollow: (app) => events.unfollow(app),
    },
    onState: (listen) => bus.onState(listen),
    state: () => bus.state(),
    probe: (timeoutMs) => bus.probe(timeoutMs),
    close: () => bus.close(),
  };
}

function withStores(engine: MessagingEngine, change: (stores: Stores) => Partial<Stores>): MessagingEngine {
  return { ...engine, stores: { ...engine.stores, ...change(engine.stores) } };
}

/** Those that a job was added for: a push comes later than what explain and simulations look up. */
function appsWithJobs(queue: MessagingEngine['queue']): ReadonlySet<AppId> {
  const apps = new Set<AppId>();
  const add = queue.add.bind(queue);
  queue.add = (name, jobs) => {
    for (const { app } of jobs) apps.add(app);
    return add(name, jobs);
  };
  return apps;
}

/** Explain looks it up first, and the worker that pushes looks it up again. */
function onceThenNothing<T>(
  ofUsers: (app: AppId, userIds: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): typeof ofUsers {
  const asked = new Set<AppId>();
  return (app, userIds) => {
    if (asked.has(app)) return Promise.resolve(new Map());
    asked.add(app);
    return ofUsers(app, userIds);
  };
}

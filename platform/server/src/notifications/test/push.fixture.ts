// Notifications over stores and a queue in memory, with scripted providers and a switch that kills the
// process. Not the behaviour itself.
import { onTestFinished } from 'vitest';
import { sampleDevice, sampleMessage } from '../../../test/support/samples.ts';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { countDeliveries } from '../../telemetry/count-deliveries.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import type { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { createMemoryQueue } from '../../drivers/queue/memory/create-memory-queue.ts';
import { MemoryJobs } from '../../drivers/queue/memory/memory-jobs.ts';
import { MemoryRates } from '../../drivers/rates/memory/memory-rates.ts';
import { defaultLimits } from '../../config/limits.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../../ports/app-id.ts';
import { pushFactTypes, type PushFact } from '../../ports/message-facts.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Device, StoredMessage } from '../../ports/stores/index.ts';
import type { Clearing, Delivery } from '@belfry/plugin-kit';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import type { SentOutcome } from '../../plugins/running-provider.ts';
import { Notifications } from '../notifications.ts';
import type { NotificationsDeps } from '../notifications.ts';
import type { PushSettings } from '../push-settings.ts';
import { createSignedInDevices } from '../devices/signed-in-devices.ts';
import { createQuietUntil } from '../preferences/quiet-hours.ts';

export const app = asAppId('demo');
export const stream = 'c:c1';

/** Recipients as broadcasting schedules them: online, and away. */
export const wait = [{ userId: 'bob', when: 'wait' as const }];
export const now = [{ userId: 'bob', when: 'now' as const }];

export interface Sent {
  provider: string;
  delivery: Delivery;
  attempt: number;
  atMs: number;
}

export interface Line {
  level: string;
  msg: string;
  fields: Record<string, unknown>;
}

export interface World {
  clock: VirtualClock;
  stores: ReturnType<typeof createMemoryStores>;
  rates: MemoryRates;
  jobs: MemoryJobs;
  settings: PushSettings;
  sent: Sent[];
  cleared: Clearing[];
  facts: PushFact[];
  /** All that processes recorded, other facts included. */
  recorded: RecordedFacts;
  lines: Line[];
  counts: Map<string, number>;
  paused: string[];
  providers: Map<string, ProviderHandle>;
  /** The answer of the provider `hook`; accepts all until a test says otherwise. */
  answer: (sent: Sent) => SentOutcome | Promise<SentOutcome>;
  /** Acknowledgements heard and not stored: stored by the flush before a claim. */
  heard: { userId: string; seq: number; visible: boolean }[];
  recipientsOf: (message: StoredMessage) => string[];
  /** Unread messages, by user. */
  unread: Map<string, number>;
  /** The users who are in no conversation any more. */
  left: Set<string>;
  /** The next reads of the log wait for these, one each. */
  readsWaitFor: Promise<unknown>[];
  /** Appends with an outbox flag, as broadcasting does. */
  append(given: Partial<StoredMessage> & { seq: number }): Promise<StoredMessage>;
  device(given?: Partial<Device>): Promise<Device>;
  /** `reason@seq` (and the device, where one is named) of every fact, in order. */
  told(): string[];
}

export function createWorld(): World {
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  let devices = 0;
  const world: World = {
    clock,
    stores,
    rates: new MemoryRates(clock),
    jobs: new MemoryJobs(),
    settings: { waitMs: 5000, deliveredMeans: 'visible' },
    sent: [],
    cleared: [],
    facts: [],
    recorded: new RecordedFacts(),
    lines: [],
    counts: new Map(),
    paused: [],
    providers: new Map(),
    answer: () => ({ outcome: 'accepted' }),
    heard: [],
    recipientsOf: () => ['bob'],
    left: new Set(),
    unread: new Map(),
    readsWaitFor: [],
    async append(given) {
      const { policy, ...rest } = given;
      const message = sampleMessage({ conversationId: 'c1', storedAt: clock.now(), ...rest });
      const stored = {
        ...message,
        policy: { ...message.policy, ...policy },
        outbox: { dueAt: clock.now() + 7000 },
      };
      await stores.messages.append(app, [stored]);
      return stored;
    },
    device(given = {}) {
      devices += 1;
      return stores.devices.register(
        app,
        sampleDevice({ id: `device-${devices}`, userId: 'bob', targetHash: `hash-${devices}`, ...given }),
      );
    },
    told: () =>
      world.facts.map(({ reason, seq, deviceId, collapsedInto }) =>
        [
          reason,
          collapsedInto === undefined ? '' : `(${collapsedInto})`,
          `@${seq}`,
          deviceId === undefined ? '' : ` ${deviceId}`,
        ].join(''),
      ),
  };
  world.providers.set('hook', scriptedProvider(world, 'hook'));
  world.recorded.subscribe('world', pushFactTypes, (_app, facts) => void world.facts.push(...facts));
  countDeliveries(world.recorded, countedMetrics(world));
  return world;
}

const messageTypes = new Map<string, ReturnType<NotificationsDeps['messageType']>>([
  ['text', { displayName: 'Text', preview: (content) => ({ body: String((content as { text: unknown }).text) }) }],
  [
    'picture',
    {
      displayName: 'Picture',
      preview: () => ({ body: '[Picture]' }),
      uploads: (content) => [
        { uploadId: (content as { uploadId: string }).uploadId, types: ['image/*'], path: ['uploadId'], says: {} },
      ],
    },
  ],
]);

/** The bodies of what was sent, in order. */
export const bodies = ({ sent }: World): string[] => sent.map(({ delivery }) => delivery.notification.body);

export function scriptedProvider(world: World, id: string, change: Partial<ProviderHandle> = {}): ProviderHandle {
  return {
    id,
    plugin: 'webhook',
    channel: 'push',
    state: 'on',
    limits: {},
    supports: {},
    targetsAreSecret: false,
    parseTarget: () => ({ ok: true, value: {} }),
    async send(delivery, { attempt }) {
      const sent = { provider: id, delivery, attempt, atMs: world.clock.now() };
      world.sent.push(sent);
      return world.answer(sent);
    },
    ...change,
  };
}

/** Methods that may be taken off it. */
export interface Process extends Pick<
  Notifications,
  'schedule' | 'onRead' | 'servedProviders' | 'usedToday' | 'openings' | 'receipts' | 'stop'
> {
  /** From here on nothing this process asks for is answered, and nothing it does has an effect. */
  kill(): void;
}

/** Where a process is killed: right before or right after one of its effects. */
export interface KillAt {
  effect: 'heads' | 'claim' | 'add' | 'clearOutbox' | 'send' | 'deadLetter';
  when: 'before' | 'after';
}

/** One server process over the world, running. Several may follow each other. */
export async function startProcess(world: World, options: { killAt?: KillAt; work?: boolean } = {}): Promise<Process> {
  const { killAt, work = true } = options;
  const { stores, clock } = world;
  const queue = createMemoryQueue({ clock, kept: world.jobs });
  let dead = false;
  const isDead = (): boolean => dead;
  const kill = (): void => {
    dead = true;
    void queue.close();
  };
  const never = new Promise<never>(() => {});
  /** A method that dies where the test wants, and does nothing once dead. */
  const mortal =
    <Given extends unknown[], Result>(run: (...given: Given) => Promise<Result>, effect?: KillAt['effect']) =>
    async (...given: Given): Promise<Result> => {
      const here = !dead && killAt?.effect === effect && effect !== undefined;
      if (here && killAt?.when === 'before') kill();
      if (dead) return never;
      const result = await run(...given);
      if (here) kill();
      return isDead() ? never : result;
    };
  const { messages, cursors, devices, users, outbox, preferences, usage, deadLetters, deliveries } = stores;
  const deps: NotificationsDeps = {
    stores: {
      messages: {
        ...messages,
        heads: mortal(messages.heads, 'heads'),
        clearOutbox: mortal(messages.clearOutbox, 'clearOutbox'),
        read: mortal(async (...given: Parameters<typeof messages.read>) => {
          await world.readsWaitFor.shift();
          return messages.read(...given);
        }),
      },
      cursors: { ...cursors, claim: mortal(cursors.claim, 'claim'), get: mortal(cursors.get) },
      devices: {
        ...devices,
        ofUsers: mortal(createSignedInDevices({ devices, users }).ofUsers),
        remember: mortal(devices.remember),
      },
      users,
      outbox: { take: mortal(outbox.take) },
      preferences: { ...preferences, ofUsers: mortal(preferences.ofUsers) },
      deadLetters: { ...deadLetters, put: mortal(deadLetters.put, 'deadLetter') },
      usage: { add: mortal(usage.add), read: mortal(usage.read) },
      deliveries: {
        ...deliveries,
        put: mortal(deliveries.put),
        addEvent: mortal(deliveries.addEvent),
      },
    },
    queue: {
      add: mortal((...given: Parameters<typeof queue.add>) => queue.add(...given), 'add'),
      work: (...given) => queue.work(...given),
      counts: (...given) => queue.counts(...given),
    },
    rates: world.rates,
    secret: 'a secret of the installation',
    publicUrl: 'https://chat.example',
    surroundings: { clock, log: recordedLog(world), metrics: countedMetrics(world) },
    acks: {
      flush: mortal(async () => {
        for (const { userId, seq, visible } of world.heard.splice(0)) {
          await cursors.advance(app, [{ userId, stream, delivered: seq, ...(visible ? { seen: seq } : {}) }]);
        }
      }),
    },
    plugins: {
      providers: async () =>
        [...world.providers.values()].map(({ sendMany, ...provider }) => ({
          ...provider,
          send: mortal(provider.send, 'send'),
          ...(sendMany === undefined ? {} : { sendMany: mortal(sendMany, 'send') }),
        })),
      pause: async (_app, id, reason) => {
        world.paused.push(`${id}: ${reason}`);
        const provider = world.providers.get(id);
        if (provider !== undefined) world.providers.set(id, { ...provider, state: 'paused', reason });
      },
    },
    messageType: (id) => messageTypes.get(id),
    unreadOf: async (_app, userId) => {
      const count = world.unread.get(userId);
      if (count === undefined) throw new Error('nothing is known of this user');
      return count;
    },
    fileLink: (of, id, expiresAtMs) => `https://chat.example/files/${id}?app=${of}&expires=${expiresAtMs}`,
    settings: async () => world.settings,
    quietUntil: createQuietUntil(),
    recipientsOf: async (_app, message) => world.recipientsOf(message),
    membersOf: async () => ({ has: (userId) => !world.left.has(userId) }),
    facts: {
      record: (of, fact) => {
        if (!dead) world.recorded.record(of, fact);
      },
      subscribe: (...given) => world.recorded.subscribe(...given),
    },
    limits: defaultLimits(),
    random: () => 0.5,
  };
  const notifications = new Notifications(deps);
  onTestFinished(async () => {
    if (dead) return;
    await notifications.stop();
    await queue.close();
  });
  await notifications.start({ work });
  return {
    schedule: (...given) => notifications.schedule(...given),
    onRead: (...given) => notifications.onRead(...given),
    servedProviders: (...given) => notifications.servedProviders(...given),
    usedToday: (...given) => notifications.usedToday(...given),
    openings: notifications.openings,
    receipts: notifications.receipts,
    stop: () => notifications.stop(),
    kill,
  };
}

function recordedLog(world: World): Log {
  const write =
    (level: string) =>
    (msg: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void world.lines.push({ level, msg, fields: { ...fields } });
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
    isDebug: () => true,
  };
  return log;
}

function countedMetrics({ counts }: World): Metrics {
  return {
    count: (name, labels = [], by = 1) => {
      const key = [name, ...labels].join(' ');
      counts.set(key, (counts.get(key) ?? 0) + by);
    },
    observe: () => {},
    set: () => {},
    onCollect: () => {},
  };
}

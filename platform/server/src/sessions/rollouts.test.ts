import { expect, test } from 'vitest';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { PolicySetListener } from '../pages/live-sets.ts';
import { consoleApp, type AppId } from '../ports/app-id.ts';
import { Registry } from './registry.ts';
import { Rollouts } from './rollouts.ts';
import { demo, makeSession, page, policySet, settled, type TestSession } from './test/sessions.fixture.ts';

const chat = (version: number) => page('/chat', ['messaging'], { version });

function installation() {
  const clock = createVirtualClock();
  const hub = new TestBusHub({ clock });
  const registries: Registry[] = [];
  function node(name: string) {
    const registry = new Registry();
    registries.push(registry);
    const bus = hub.connect(name);
    void bus.events.follow(demo);
    const listeners: PolicySetListener[] = [];
    const rollouts = new Rollouts({
      ...{ registry, bus, clock, node: name, isAlone: false },
      presence: {
        async count(app: AppId) {
          const others = registries.filter((each) => each !== registry);
          const elsewhere = others.reduce((sum, each) => sum + (each.ofApp(app)?.size ?? 0), 0);
          const connections = elsewhere + (registry.ofApp(app)?.size ?? 0);
          return { connections, elsewhere, users: 0, byDeviceType: {}, byPattern: {} };
        },
      },
      pages: {
        set: async () => policySet(),
        onChange: (listen) => void listeners.push(listen),
      },
      findApp: async (key) => (key === demo ? { app: demo } : undefined),
    });
    return {
      rollouts,
      open(policyVersion: number | undefined, enforced = 1): TestSession {
        const session = makeSession('alice', { page: chat(enforced), policyVersion });
        registry.add(session);
        return session;
      },
      watch(topic = 'rollout.demo', app = consoleApp): TestSession {
        const session = makeSession('acc:anna', { app });
        registry.add(session);
        registry.subscribe(session, topic);
        rollouts.subscribed(session, topic);
        return session;
      },
      change: () => {
        for (const listen of listeners) listen(demo, policySet());
      },
      registry,
    };
  }
  return { clock, hub, node };
}

const counts = (version: number, confirmed: number, enforced: number, silent = 0) => ({
  ...{ version, confirmed, enforced, silent },
});

test('the connections of all nodes are counted, by the version that the server goes by', async () => {
  const { node } = installation();
  const [here, there] = [node('a'), node('b')];
  here.open(1);
  here.open(undefined);
  there.open(2, 2);
  there.open(1, 2);
  expect(await here.rollouts.of(demo)).toEqual({
    pages: [{ pattern: '/chat', versions: [counts(2, 1, 1), counts(1, 1, 1, 1)] }],
    unheard: 0,
  });
});

test('a node that does not answer is not waited for, and its connections are said to be unheard of', async () => {
  const { clock, hub, node } = installation();
  const [here, there] = [node('a'), node('b')];
  here.open(1);
  there.open(1);
  hub.down('b');
  const asked = here.rollouts.of(demo);
  await settled();
  await clock.advance(400);
  expect(await asked).toEqual({ pages: [{ pattern: '/chat', versions: [counts(1, 1, 0)] }], unheard: 1 });
});

test('a console hears where it stands at once, and after a change twice a second what is new', async () => {
  const { clock, node } = installation();
  const [here, there] = [node('a'), node('b')];
  const tab = there.open(1);
  const watcher = here.watch();
  await settled();
  await clock.advance(0);
  await clock.advance(5000);
  const heard = () => watcher.outlet.events.map(({ action, data }) => [action, data['pages']]);
  const first = ['policy_rollout', [{ pattern: '/chat', versions: [counts(1, 1, 0)] }]];
  expect(heard().at(-1)).toEqual(first);
  const before = heard().length;
  await clock.advance(20_000);
  expect(heard()).toHaveLength(before);
  tab.page = chat(2);
  here.change();
  await clock.advance(0);
  await clock.advance(500);
  await clock.advance(500);
  expect(heard().at(-1)).toEqual(['policy_rollout', [{ pattern: '/chat', versions: [counts(2, 0, 1)] }]]);
  tab.policyVersion = 2;
  await clock.advance(500);
  await clock.advance(500);
  expect(heard().at(-1)).toEqual(['policy_rollout', [{ pattern: '/chat', versions: [counts(2, 1, 0)] }]]);
  here.rollouts.stop();
  expect(clock.pending()).toBe(0);
});

test('nothing is counted for topics of other apps, nor once nobody listens', async () => {
  const { clock, node } = installation();
  const here = node('a');
  here.watch('rollout.demo', demo);
  here.watch('rollout.none');
  here.watch('stats.demo');
  await settled();
  expect(clock.pending()).toBe(0);
  const watcher = here.watch();
  await settled();
  await clock.advance(0);
  expect(clock.pending()).toBe(1);
  here.registry.remove(watcher);
  await clock.advance(5000);
  expect(clock.pending()).toBe(0);
});

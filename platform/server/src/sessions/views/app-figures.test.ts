// How busy an app was: steps of ten seconds, an hour of them.
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import type { Presence } from '../../ports/presence.ts';
import { InProcessFacts } from '../../telemetry/facts.ts';
import { Registry } from '../registry.ts';
import { demo, Installation, makeSession, RecordedLog, RecordedMetrics } from '../test/sessions.fixture.ts';
import { AppFigures, type Figures } from './app-figures.ts';

function begin(count?: Presence['count']) {
  const clock = createVirtualClock();
  const surroundings = { clock, log: new RecordedLog(), metrics: new RecordedMetrics() };
  const facts = new InProcessFacts({ surroundings });
  const installation = new Installation();
  const registry = new Registry();
  const taken: Figures[] = [];
  const keeping = { take: (_app: string, step: Figures) => void taken.push(step), start() {}, async stop() {} };
  const figures = new AppFigures({
    registry,
    presence: count === undefined ? installation.presence : { count },
    facts,
    keeping,
    surroundings,
  });
  figures.start();
  return { clock, facts, installation, registry, figures, taken };
}

const push = { atMs: 0, messageId: 'm', stream: 'c:c1', seq: 1, userId: 'bob', provider: 'web' };

test('each step has who was there, what was said, and what went wrong', async () => {
  const { clock, facts, installation, registry, figures, taken } = begin();
  const session = makeSession('alice');
  registry.add(session);
  await installation.presence.join(demo, session.record());
  figures.delivered(demo, { sent: 3 });
  facts.record(demo, {
    ...{ type: 'message.sent', atMs: 0, messageId: 'm', kind: 'message', action: 'new_message', acceptedAtMs: 0 },
    ...{ recipients: undefined, recipientCount: 2, counts: { feature_off_on_page: 2, acked: 1 } },
    mayPush: { people: 5, ended: new Map([['muted', 1]]), deferred: 1 },
  });
  facts.record(demo, { type: 'push.ended', atMs: 0, reason: 'muted', count: 1 });
  facts.record(demo, { type: 'push.ended', atMs: 0, reason: 'cancelled_acked', count: 2 });
  facts.record(demo, { ...push, type: 'push.accepted', reason: 'accepted_by_provider' });
  facts.record(demo, { ...push, type: 'push.failed', reason: 'target_gone' });
  await facts.flush();
  await clock.advance(10_000);
  const [step] = figures.of(demo, 0);
  expect(step).toMatchObject({
    ...{ connections: { desktop: 1 }, users: 1, messages: 1, events: 3, accepted: 1, failed: 1, withheld: 0 },
    at: clock.now(),
  });
  expect([...(step?.reasons ?? [])]).toEqual([
    ['feature_off_on_page', 2],
    ['target_gone web', 1],
  ]);
  expect(step?.mayPush).toBe(5);
  expect(step?.pushEnds).toEqual(
    new Map([
      ['muted', 2],
      ['quiet_hours_deferred', 1],
      ['cancelled_acked', 2],
    ]),
  );
  await clock.advance(10_000);
  expect(figures.of(demo, 0)).toMatchObject([{ messages: 1 }, { messages: 0, connections: { desktop: 1 } }]);
  expect(taken).toEqual(figures.of(demo, 0));
  await figures.stop();
});

test('an hour is kept, and of an app that was quiet for an hour nothing', async () => {
  const { clock, figures } = begin();
  figures.delivered(demo, { sent: 1 });
  await clock.advance(10_000);
  await clock.advance(3_500_000);
  expect(figures.of(demo, 0).length).toBeLessThanOrEqual(360);
  expect(figures.of(demo, 0)[0]).toMatchObject({ events: 1 });
  await clock.advance(200_000);
  expect(figures.of(demo, 0)).toEqual([]);
  await figures.stop();
});

test('presence that is away leaves a gap, and no zero', async () => {
  const { clock, figures } = begin(() => Promise.reject(new Error('presence is away')));
  figures.delivered(demo, { sent: 1 });
  await clock.advance(10_000);
  expect(figures.of(demo, 0)).toMatchObject([{ events: 1, connections: undefined, users: undefined }]);
  await figures.stop();
});

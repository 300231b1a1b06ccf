// The small parts of notifications by themselves: truncation, back-off, breaker, rate, keys.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleMessage } from '../../../test/support/samples.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { asAppId } from '../../ports/app-id.ts';
import { Breaker } from '../sending/breaker.ts';
import { CallRate } from '../sending/call-rate.ts';
import { chooseDevices } from '../devices/choose-devices.ts';
import { collapseKeyOf } from '../sending/collapse-key.ts';
import { deliveryIdOf, newPushJob } from '../push-job.ts';
import { lifeLeftMs, retryVerdict, ttlLeftSeconds } from '../sending/retry-policy.ts';
import { truncate } from '../sending/truncate.ts';

const app = asAppId('demo');

describe('truncate', () => {
  const data = { action: 'open_conversation', conversationId: 'c1', messageIds: ['m1', 'm2'], more: 'x'.repeat(50) };
  const bytes = (value: { title: string; body: string; data: object }): number =>
    Buffer.byteLength(JSON.stringify({ title: value.title, body: value.body, data: value.data }));

  it('leaves alone what fits', () => {
    const whole = { title: 'a', body: 'b', data, count: 1 };
    expect(truncate(whole, { titleChars: 1, bodyChars: 1, payloadBytes: 1000 })).toEqual(whole);
  });

  it('counts code points and marks the cut', () => {
    const cut = truncate({ title: '👩👩👩', body: 'hello', data }, { titleChars: 2, bodyChars: 4 });
    expect([cut.title, cut.body]).toEqual(['👩…', 'hel…']);
  });

  it('tears no letter from its accent, neither at a limit in characters nor at one in bytes', () => {
    const given = { title: 'ae\u0301', body: '', data: {} };
    expect(truncate({ ...given, title: 'aae\u0301b' }, { titleChars: 4 }).title).toBe('aa…');
    // 32 bytes of JSON around the two texts; "aae…" would just fit.
    const body = 'aae\u0301b'.repeat(20);
    const cuts = [39, 40, 41, 42, 43].map(
      (most) => truncate({ title: '', body, data: {} }, { payloadBytes: most }).body,
    );
    for (const each of cuts) expect(body.startsWith(each.replace('…', ''))).toBe(true);
    expect(cuts.map((each) => each.replace('…', '').at(-1))).not.toContain('e');
  });

  it('gives up the body, then older ids, then the title, then further data, in this order', () => {
    const given = { title: 'title', body: 'body '.repeat(20), data };
    const at = (payloadBytes: number) => truncate(given, { payloadBytes });
    expect(at(250).body).toMatch(/^body .*…$/);
    expect(at(250)).toMatchObject({ title: 'title', data });
    expect(at(170)).toMatchObject({ title: 'title', body: '', data: { messageIds: ['m2'] } });
    expect(at(90)).toEqual({ title: 'title', body: '', data: { action: 'open_conversation', conversationId: 'c1' } });
  });

  it('never exceeds a limit and never splits a character', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 150, max: 900 }),
        (title, body, chars, payloadBytes) => {
          const cut = truncate({ title, body, data }, { titleChars: chars, bodyChars: chars, payloadBytes });
          expect(Array.from(cut.title).length).toBeLessThanOrEqual(chars);
          expect(Array.from(cut.body).length).toBeLessThanOrEqual(chars);
          expect(bytes(cut)).toBeLessThanOrEqual(payloadBytes);
          expect(cut.title.isWellFormed() && cut.body.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe('the retry policy', () => {
  const question = { maxAttempts: 10, afterMs: undefined, leftMs: Infinity, random: () => 1 - Number.EPSILON };

  it('doubles from 1 s to 15 min', () => {
    const waits = Array.from({ length: 14 }, (_, n) => retryVerdict({ ...question, maxAttempts: 99, attempt: n + 1 }));
    expect(waits.map((verdict) => (verdict.retry ? verdict.afterMs / 1000 : undefined))).toEqual([
      1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900,
    ]);
  });

  it('jitters over the whole wait, and never waits less than the service asked for', () => {
    expect(retryVerdict({ ...question, attempt: 5, random: () => 0 })).toEqual({ retry: true, afterMs: 0 });
    expect(retryVerdict({ ...question, attempt: 5, random: () => 0, afterMs: 7_000 })).toEqual({
      retry: true,
      afterMs: 7_000,
    });
    expect(retryVerdict({ ...question, attempt: 5, afterMs: 7_000 })).toEqual({ retry: true, afterMs: 16_000 });
  });

  it('ends with the attempts, and with the life of the push', () => {
    expect(retryVerdict({ ...question, attempt: 10 })).toEqual({ retry: false, because: 'attempts' });
    expect(retryVerdict({ ...question, attempt: 1, leftMs: 1000 })).toEqual({ retry: false, because: 'ttl' });
  });

  it('lets a push without a life be tried once, and gives the provider the rest of a life', () => {
    const message = sampleMessage({ seq: 1, storedAt: 0 });
    const of = (ttlSeconds: number) => ({ ...message, policy: { ...message.policy, ttlSeconds } });
    expect(lifeLeftMs(of(0), { nowMs: 5_500, waitMs: 5_000, attempt: 1 })).toBeGreaterThan(0);
    expect(lifeLeftMs(of(0), { nowMs: 5_500, waitMs: 5_000, attempt: 2 })).toBeLessThanOrEqual(0);
    expect([
      ttlLeftSeconds(of(3600), 59_999),
      ttlLeftSeconds(of(3600), 120_000),
      ttlLeftSeconds(of(60), 1e9),
      ttlLeftSeconds(of(0), 0),
    ]).toEqual([3600, 3480, 1, 0]);
  });
});

describe('the breaker', () => {
  it('opens after ten failures in a row, lets one through, and closes with an answer', async () => {
    const clock = createVirtualClock();
    const breaker = new Breaker(clock);
    for (let n = 0; n < 9; n += 1) breaker.record('a', 'unavailable');
    breaker.record('a', 'accepted');
    for (let n = 0; n < 9; n += 1) breaker.record('a', 'unavailable');
    expect([breaker.admitMs('a'), breaker.isOpen('a')]).toEqual([0, false]);
    breaker.record('a', 'unavailable');
    expect([breaker.admitMs('a'), breaker.admitMs('b'), breaker.isOpen('a')]).toEqual([5000, 0, true]);
    await clock.advance(5000);
    expect([breaker.admitMs('a'), breaker.admitMs('a')]).toEqual([0, 5000]);
    breaker.record('a', 'unavailable');
    expect(breaker.admitMs('a')).toBe(10_000);
    await clock.advance(10_000);
    expect(breaker.admitMs('a')).toBe(0);
    breaker.record('a', 'accepted');
    expect([breaker.admitMs('a'), breaker.admitMs('a'), breaker.isOpen('a')]).toEqual([0, 0, false]);
  });

  it('never stays open longer than two minutes, and late failures do not prolong it', async () => {
    const clock = createVirtualClock();
    const breaker = new Breaker(clock);
    for (let n = 0; n < 30; n += 1) breaker.record('a', 'unavailable');
    expect(breaker.admitMs('a')).toBe(5000);
    for (let n = 0; n < 10; n += 1) {
      await clock.advance(120_000);
      expect(breaker.admitMs('a')).toBe(0);
      breaker.record('a', 'unavailable');
    }
    expect(breaker.admitMs('a')).toBe(120_000);
  });
});

it('the call rate gives a burst of one second and then an even flow', async () => {
  const clock = createVirtualClock();
  const rate = new CallRate(clock);
  expect(rate.admitMs('free', undefined)).toBe(0);
  expect([1, 2, 3].map(() => rate.admitMs('a', 2))).toEqual([0, 0, 500]);
  await clock.advance(500);
  expect([1, 2].map(() => rate.admitMs('a', 2))).toEqual([0, 500]);
  expect([1, 2].map(() => rate.admitMs('slow', 0.1))).toEqual([0, 10_000]);
});

it('devices are chosen by each policy, the union of them, in their own order', () => {
  const of = (id: string, deviceType: 'mobile' | 'desktop' | 'tablet') => ({ ...sampleDeviceOf(id), deviceType });
  const devices = [of('d', 'desktop'), of('m', 'mobile'), of('t', 'tablet')];
  const ids = (...pushTo: ('all' | ('mobile' | 'desktop' | 'tablet')[])[]) =>
    chooseDevices(
      devices,
      pushTo.map((each) => ({ pushTo: each })),
    ).map(({ id }) => id);
  expect([ids('all'), ids(['mobile', 'desktop']), ids(['tablet'], ['desktop']), ids()]).toEqual([
    ['d', 'm', 't'],
    ['m'],
    ['d', 't'],
    [],
  ]);
  expect(
    chooseDevices(
      [devices[0]].filter((device) => device !== undefined),
      [{ pushTo: ['mobile', 'desktop'] }],
    ),
  ).toHaveLength(1);
});

function sampleDeviceOf(id: string) {
  return { id, userId: 'bob', provider: 'hook', target: {}, targetHash: id, createdAt: 0, updatedAt: 0 };
}

it('collapse keys are the same for the same, differ for others, and keep an own one that every service takes', () => {
  const place = { stream: 'c:c1', userId: 'bob' };
  const key = collapseKeyOf(app, place);
  expect(key).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(collapseKeyOf(app, place)).toBe(key);
  const others = [
    collapseKeyOf(asAppId('other'), place),
    collapseKeyOf(app, { ...place, userId: 'carol' }),
    collapseKeyOf(app, { ...place, stream: 'c:c2' }),
    collapseKeyOf(app, { ...place, own: 'with space' }),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
  expect(collapseKeyOf(app, { ...place, own: 'build-7' })).toBe('build-7');
});

it('a job is named by whom it is for, in whatever order', () => {
  const message = sampleMessage({ seq: 1 });
  const to = (...userIds: string[]) =>
    newPushJob(app, message, { recipients: userIds.map((userId) => ({ userId, from: 0, through: 1 })) }).id;
  expect(to('a', 'b')).toBe(to('b', 'a'));
  expect(new Set([to('a'), to('b'), to('a', 'b')]).size).toBe(3);
  expect(deliveryIdOf('c', 'd')).toBe(deliveryIdOf('c', 'd'));
  expect(deliveryIdOf('c', 'd')).not.toBe(deliveryIdOf('c', 'e'));
});

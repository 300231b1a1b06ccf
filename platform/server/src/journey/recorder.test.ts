import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ack, app, at, caughtUp, id, plan, setUp, t0 } from './test/journey.fixture.ts';

describe('the recorder', () => {
  it('writes once a second however many facts come, and acknowledgements of a stream as one row', async () => {
    const { recorder, store, clock } = setUp();
    for (let n = 0; n < 100; n += 1) recorder.acked(app, [{ ...ack, connectionId: id(n), from: n, to: n + 1 }]);
    clock.advance(999);
    expect(store.appends).toBe(0);
    clock.advance(1);
    await recorder.flush();
    expect(store.appends).toBe(1);
    expect(store.rows).toHaveLength(1);
    expect(store.rows[0]?.range).toEqual({ stream: 'c:c1', from: 0, to: 100 });
  });

  it('writes at once when 10,000 facts wait', async () => {
    const { recorder, store } = setUp();
    for (let n = 0; n < 10_000; n += 1) recorder.planned(app, { ...plan, messageId: id(n), recipients: [] });
    await setImmediate();
    expect(store.rows).toHaveLength(10_000);
  });

  it('writes what is acknowledged of one message with its plan', async () => {
    const { recorder, store, read } = setUp();
    recorder.planned(app, plan);
    recorder.acked(app, [{ ...ack, from: 5, to: 5 }]);
    const { recipients } = await read();
    expect(store.rows).toHaveLength(1);
    expect(recipients[0]?.realtime).toMatchObject([{ reason: 'acked', ackedAt: at(10) }]);
  });

  it('writes the recipients of a large conversation once, however many messages they get', async () => {
    const { recorder, store, read } = setUp();
    const recipients = Array.from({ length: 40 }, (_, n) => ({
      userId: `u${n}`,
      realtime: [{ connectionId: id(100 + n), deviceType: 'desktop' as const, page: '/chat', reason: 'sent' as const }],
      push: [],
      pushReason: 'no_device' as const,
    }));
    const planned = (n: number, ms: number) => ({
      ...plan,
      messageId: id(n),
      seq: n,
      acceptedAtMs: t0 + ms,
      recipients,
    });
    for (const [n, ms] of [
      [1, 0],
      [2, 59_000],
      [3, 60_000],
    ] as const)
      recorder.planned(app, planned(n, ms));
    recorder.acked(app, [{ ...ack, userId: 'u7', connectionId: id(107), from: 2, to: 2 }]);
    const { recipients: ofSecond } = await read(id(2));
    expect(ofSecond).toHaveLength(40);
    expect(ofSecond[7]?.realtime).toMatchObject([{ reason: 'acked' }]);
    expect(ofSecond[8]?.realtime).toMatchObject([{ reason: 'sent' }]);
    const longRows = store.rows.filter(({ body }) => body.includes('u39'));
    expect(longRows.map(({ messageId }) => messageId)).toEqual([id(1), id(3)]);
  });

  it('leaves the counts alone when the plan with the recipients is gone', async () => {
    const { recorder, store, read } = setUp();
    const recipients = Array.from({ length: 40 }, (_, n) => ({ userId: `u${n}`, realtime: [], push: [] }));
    recorder.planned(app, { ...plan, recipients });
    recorder.planned(app, { ...plan, messageId: id(2), recipients });
    await recorder.flush();
    store.rows.splice(0, 1);
    expect(await read(id(2))).toMatchObject({ recipients: [], counts: plan.counts });
  });

  it('writes an acknowledgement apart once the plan is written, or when it reaches over several messages', async () => {
    const { recorder, store, read } = setUp();
    recorder.planned(app, plan);
    recorder.acked(app, [{ ...ack, connectionId: id(12) }]);
    await recorder.flush();
    recorder.acked(app, [{ ...ack, from: 5, to: 5 }]);
    const { recipients } = await read();
    expect(store.rows.map(({ type }) => type)).toEqual(['plan', 'acks', 'acks']);
    expect(recipients[0]?.realtime).toMatchObject([{ reason: 'acked' }]);
  });

  it('keeps what the store does not take, in order, and says so once', async () => {
    const { recorder, store, clock, lines } = setUp();
    store.away = true;
    recorder.planned(app, plan);
    for (let round = 0; round < 3; round += 1) {
      clock.advance(5_000);
      await setImmediate();
    }
    recorder.planned(app, { ...plan, messageId: id(2), acceptedAtMs: t0 + 1 });
    expect(lines).toEqual(['warn journey is not being written']);
    store.away = false;
    clock.advance(5_000);
    await setImmediate();
    expect(store.rows.map(({ messageId }) => messageId)).toEqual([id(1), id(2)]);
    expect(lines).toEqual(['warn journey is not being written', 'info journey is being written again']);
  });

  it('writes what connections were sent from the log of one stream as one row', async () => {
    const { recorder, store } = setUp();
    for (let n = 0; n < 3; n += 1) recorder.caughtUp(app, { ...caughtUp, connectionId: id(n), from: n, to: 200 + n });
    await recorder.flush();
    expect(store.rows).toMatchObject([{ type: 'caught_up', range: { stream: 'c:c1', from: 0, to: 202 } }]);
  });

  it('drops and counts what is too much to keep, and never throws', async () => {
    const { recorder, store, dropped } = setUp({ maxFacts: 10 });
    store.away = true;
    for (let n = 0; n < 25; n += 1) recorder.acked(app, [{ ...ack, atMs: t0 + n }]);
    expect(dropped).toHaveLength(15);
    await recorder.flush();
    await recorder.stop();
    expect(dropped).toHaveLength(16);
    recorder.acked(app, [ack]);
    expect(dropped).toHaveLength(17);
  });
});

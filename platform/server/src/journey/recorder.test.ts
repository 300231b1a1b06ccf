import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ack, app, at, id, plan, setUp, t0 } from './journey.fixture.ts';

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

  it('does not wait with 10,000 facts', async () => {
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

  it('writes it apart once the plan is written, or when it reaches over several messages', async () => {
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

import { expect, test, vi } from 'vitest';
import type { SendOrder } from './orders.ts';
import { Traffic } from './traffic.ts';

const order = { type: 'send', senders: [{ client: 0, room: 'c1' }], receivers: 3 } as const;

function setUp(rate: SendOrder['rate']) {
  let arrived = 0;
  const turns: number[] = [];
  const traffic = new Traffic({
    order: { ...order, rate },
    sendOne: (turn) => turns.push(turn),
    arrived: () => arrived,
  });
  return { traffic, turns, arrive: (count: number) => (arrived += count) };
}

test('a window lets so many messages be on their way, and the next when one has reached everybody', () => {
  const { traffic, turns, arrive } = setUp({ window: 2 });
  traffic.pump();
  expect(turns).toEqual([0, 1]);
  arrive(2);
  traffic.pump();
  expect(turns).toEqual([0, 1, 2]);
  arrive(1);
  traffic.pump();
  traffic.pump();
  expect(turns).toHaveLength(3);
  arrive(3);
  traffic.pump();
  expect(turns).toEqual([0, 1, 2, 3]);
});

test('a pace is kept whether anything arrives or not, and stops when asked to', () => {
  vi.useFakeTimers();
  try {
    const { traffic, turns } = setUp({ perSecond: 100 });
    vi.advanceTimersByTime(500);
    expect(turns).toHaveLength(50);
    traffic.stop();
    vi.advanceTimersByTime(500);
    expect(turns).toHaveLength(50);
  } finally {
    vi.useRealTimers();
  }
});

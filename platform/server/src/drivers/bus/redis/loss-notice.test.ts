import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../../test/support/virtual-clock.ts';
import { LossNotice } from './loss-notice.ts';

function noticeOnWay() {
  const clock = createVirtualClock();
  const way = { isUp: false, tries: 0, said: 0 };
  const notice = new LossNotice({
    clock,
    async send() {
      way.tries += 1;
      if (!way.isUp) throw new Error('the way is cut');
      way.said += 1;
    },
  });
  return { clock, way, notice };
}

it('is tried more and more seldom, and said once when the way is back', async () => {
  const { clock, way, notice } = noticeOnWay();
  notice.owe();
  notice.owe();
  await clock.advance(30_000);
  expect(way.tries).toBeGreaterThan(5);
  expect(way.tries).toBeLessThan(50);
  way.isUp = true;
  await clock.advance(1000);
  expect(way.said).toBe(1);
  await clock.advance(30_000);
  expect(way.said).toBe(1);
});

it('is said at once where it is known that the way is back, and not where nothing is owed', async () => {
  const { clock, way, notice } = noticeOnWay();
  notice.owe();
  await clock.advance(10_000);
  way.isUp = true;
  notice.hurry();
  await clock.advance(0);
  expect(way.said).toBe(1);
  notice.hurry();
  await clock.advance(30_000);
  expect(way.said).toBe(1);
});

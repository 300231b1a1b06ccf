// How many commands one client may send, and what a command costs that names many things.

import { expect, test } from 'vitest';
import { defaultLimits } from '../config/limits.ts';
import { CommandRate } from './command-rate.ts';

const limits = { ...defaultLimits(), commandBurst: 60, commandsPerSecond: 30, namesPerCommand: 20 };

function admitted(rate: CommandRate, { names = 0, nowMs = 0 } = {}): number {
  let count = 0;
  while (count < 1000 && rate.admit(nowMs) === 'admitted') {
    rate.charge(names);
    count += 1;
  }
  return count;
}

test('a command that names little costs one', () => {
  expect(admitted(new CommandRate(limits, 0), { names: 19 })).toBe(60);
});

test('each twenty names of a command cost as much as another command', () => {
  expect(admitted(new CommandRate(limits, 0), { names: 20 })).toBe(30);
  expect(admitted(new CommandRate(limits, 0), { names: 1000 })).toBe(2);
});

test('the cost of a command beyond its tokens is paid before the next one', () => {
  const rate = new CommandRate({ ...limits, commandBurst: 10 }, 0);
  expect(admitted(rate, { names: 1000 })).toBe(1);
  const refusal = rate.admit(0);
  expect(refusal).toEqual({ afterMs: 1400, overrun: false });
  expect(rate.admit(1399)).not.toBe('admitted');
  expect(rate.admit(1401)).toBe('admitted');
});

import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { followIdle } from './idle.ts';

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
  vi.unstubAllGlobals();
});

class FakeDetector extends EventTarget {
  static made: FakeDetector[] = [];
  userState = 'active';
  screenState = 'unlocked';
  signal: AbortSignal | undefined;

  constructor() {
    super();
    FakeDetector.made.push(this);
  }

  async start({ signal }: { signal: AbortSignal }): Promise<void> {
    this.signal = signal;
  }

  become(userState: string, screenState: string): void {
    Object.assign(this, { userState, screenState });
    this.dispatchEvent(new Event('change'));
  }
}

async function follow(state: string): Promise<{ told: unknown[]; detector: FakeDetector | undefined }> {
  FakeDetector.made = [];
  vi.stubGlobal('IdleDetector', FakeDetector);
  vi.stubGlobal('navigator', { permissions: { query: async () => ({ state }) } });
  const told: unknown[] = [];
  ends.push(followIdle({ attend: (isHere) => void told.push(isHere) }));
  await turn();
  return { told, detector: FakeDetector.made[0] };
}

test('where it is allowed, the system says whether somebody is there, now and at each change', async () => {
  const { told, detector } = await follow('granted');
  expect(told).toEqual([true]);
  detector?.become('idle', 'unlocked');
  detector?.become('active', 'unlocked');
  detector?.become('active', 'locked');
  expect(told).toEqual([true, false, true, false]);
  for (const end of ends) end();
  detector?.become('active', 'unlocked');
  expect(told).toHaveLength(4);
  expect(detector?.signal?.aborted).toBe(true);
});

test.each(['prompt', 'denied'])('where it is not (%s), nobody is asked', async (state) => {
  expect(await follow(state)).toEqual({ told: [], detector: undefined });
});

test('a browser without it, or one that does not know the permission, is none the worse', async () => {
  const told: unknown[] = [];
  ends.push(followIdle({ attend: (isHere) => void told.push(isHere) }));
  vi.stubGlobal('IdleDetector', FakeDetector);
  vi.stubGlobal('navigator', { permissions: { query: () => Promise.reject(new TypeError('unknown')) } });
  ends.push(followIdle({ attend: (isHere) => void told.push(isHere) }));
  await turn();
  expect(told).toEqual([]);
});

// A wait without a time of its own outlasts the second that vitest gives it.
import { expect, test, vi } from 'vitest';

test('what comes after more than a second is waited for', async () => {
  const startedAt = performance.now();
  expect(await vi.waitFor(() => afterMs(1200, startedAt))).toBe('there');
  expect(await vi.waitFor(() => afterMs(2400, startedAt), { interval: 5 })).toBe('there');
});

test('a wait that says how long it lasts lasts no longer', async () => {
  const startedAt = performance.now();
  await expect(vi.waitFor(() => afterMs(5000, startedAt), 50)).rejects.toThrow('not yet');
  await expect(vi.waitFor(() => afterMs(5000, startedAt), { timeout: 50 })).rejects.toThrow('not yet');
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

function afterMs(ms: number, startedAt: number): string {
  if (performance.now() - startedAt < ms) throw new Error('not yet');
  return 'there';
}

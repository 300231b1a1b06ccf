// Takes back what a test file changed of the process, which the next file shares: stubs of globals and of the
// environment, spies, clocks. Vitest itself does so before each test of the same file alone.
import { afterAll, vi } from 'vitest';

// Registered before those of the file, so it runs after them.
afterAll(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

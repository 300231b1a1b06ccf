// Gives `vi.waitFor` the patience that `expect.poll` has by the configuration: its own second, which no
// configuration changes, is less than what a busy machine takes. A wait that says how long it lasts lasts so
// long.
import { vi } from 'vitest';

/** As `expect.poll.timeout` of scripts/test-config.ts. */
const patienceMs = 10_000;

const { waitFor } = vi;
vi.waitFor = (check, options = {}) =>
  waitFor(check, { timeout: patienceMs, ...(typeof options === 'number' ? { timeout: options } : options) });

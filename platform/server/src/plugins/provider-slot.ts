// The place of one configuration: holds what runs now, sets up the next beside it, swaps, then closes the
// old. Reads no store.
import type { ProviderRecord } from '../ports/stores/settings.ts';
import { createHealthBook } from './provider-health.ts';
import type { HealthBook } from './provider-health.ts';
import type { RunningProvider, SetUp } from './running-provider.ts';

export interface ProviderSlot {
  record(): ProviderRecord;
  /** The configuration that stands there now; waits only while nothing ever stood there. */
  current(): Promise<SetUp>;
  /** The configuration that stands there now, without waiting. */
  now(): SetUp | undefined;
  /**
   * Another record for the place. Sets it up anew when more than its pause changed; resolves when that
   * stands.
   */
  put(record: ProviderRecord): Promise<void>;
  /** As put, with what was already set up for it. */
  adopt(record: ProviderRecord, made: SetUp): void;
  /** Sets up the same record once more, after a failure. */
  again(): Promise<void>;
  readonly health: HealthBook;
  /** Closes what stands there, after the calls under way. */
  close(): Promise<void>;
}

interface SlotOptions {
  setUp: (record: ProviderRecord) => Promise<SetUp>;
  /** Called with everything that is taken out of service, so that a stop can wait for it. */
  retire: (running: RunningProvider) => Promise<void>;
}

export function createSlot(first: ProviderRecord, { setUp, retire }: SlotOptions): ProviderSlot {
  let record = first;
  let standing: SetUp | undefined;
  // Two changes may overlap: only the setting up that was begun last may take the place.
  let begun = 0;

  const swap = (made: SetUp): void => {
    const old = standing;
    standing = made;
    if (old?.ok === true) void retire(old.running);
  };
  const begin = async (): Promise<void> => {
    begun += 1;
    const mine = begun;
    const made = await setUp(record);
    if (mine === begun) swap(made);
    else if (made.ok) await retire(made.running);
  };
  let ready = begin();

  return {
    record: () => record,
    async current() {
      // A change that overtakes the first setting up discards it, so there may be nothing when it ends.
      for (;;) {
        if (standing !== undefined) return standing;
        await ready;
      }
    },
    now: () => standing,
    async put(next) {
      const same = fingerprint(next) === fingerprint(record);
      record = next;
      if (!same) ready = begin();
      await ready;
    },
    adopt(next, made) {
      begun += 1;
      record = next;
      swap(made);
    },
    async again() {
      ready = begin();
      await ready;
    },
    health: createHealthBook(),
    async close() {
      begun += 1;
      const old = standing;
      standing = { ok: false, reason: 'is closed' };
      if (old?.ok === true) await retire(old.running);
    },
  };
}

/** The parts that a configuration is set up from; the time of a change and a pause are not. */
function fingerprint({ plugin, config, enabled }: ProviderRecord): string {
  return JSON.stringify([plugin, config, enabled]);
}

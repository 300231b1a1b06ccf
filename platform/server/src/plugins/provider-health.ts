// Counts the outcomes of one configuration's calls. Decides nothing: pausing and breaking are decided where
// the calls are made.
import type { Outcome } from '@belfry/plugin-kit';

/** Since the start of this process. Times are ms since the epoch. */
export interface ProviderHealth {
  lastOkAt?: number;
  lastFailedAt?: number;
  /** The text of the last failure, without secrets. */
  lastFailure?: string;
  counts: { accepted: number; retry: number; rejected: number };
}

export interface HealthBook {
  record(outcome: Outcome, nowMs: number): void;
  read(): ProviderHealth;
}

export function createHealthBook(): HealthBook {
  const health: ProviderHealth = { counts: { accepted: 0, retry: 0, rejected: 0 } };
  return {
    record(outcome, nowMs) {
      health.counts[outcome.outcome] += 1;
      if (outcome.outcome === 'accepted') {
        health.lastOkAt = nowMs;
        return;
      }
      health.lastFailedAt = nowMs;
      health.lastFailure = outcome.outcome === 'retry' ? outcome.reason : `${outcome.reason}: ${outcome.detail}`;
    },
    read: () => ({ ...health, counts: { ...health.counts } }),
  };
}

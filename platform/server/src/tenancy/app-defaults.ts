// The settings of an app for which nobody chose others. Used by the first start and by the provision file.
import type { AppLimits, AppSettings } from '../ports/stores/tenancy.ts';

const day = 24 * 60 * 60_000;

/** A push waits 5 s for a device that somebody attends; messages are kept for ever, journeys for a week. */
export const defaultSettings: AppSettings = {
  waitMs: 5000,
  deliveredMeans: 'attended',
  retentionMs: 0,
  journeyRetentionMs: 7 * day,
};

/** As the limits of the configuration that they come from. */
export const defaultAppLimits: AppLimits = { connections: 100_000, requestsPerMinute: 6000 };

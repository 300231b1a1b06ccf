// The part of an app's settings that notifications read. Not where settings are kept: tenancy/apps.ts.

import type { AppId } from '../ports/app-id.ts';
import type { AppSettings } from '../ports/stores/index.ts';

export type PushSettings = Pick<AppSettings, 'waitMs' | 'deliveredMeans' | 'pushQuota' | 'fallbacks'>;

export type SettingsOf = (app: AppId) => Promise<PushSettings>;

// Reads what a run of a push job has to know of its users: what they missed and want, their devices, the app's
// providers. Decides nothing, sends nothing.
import type { AppId } from '../../ports/app-id.ts';
import type { Cursor, Device, StoredMessage, Stores, UserProfile } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import type { Claimed } from '../claiming/held-back-by.ts';
import { checkPreferences } from '../preferences/check-preferences.ts';
import type { QuietUntil } from '../preferences/quiet-hours.ts';
import type { PushPayload } from '../push-job.ts';
import type { PushSettings, SettingsOf } from '../push-settings.ts';
import { readMissed, type MembersOf, type Missed } from './missed-messages.ts';
import type { Quotas } from './quotas.ts';

export interface JobContextDeps {
  stores: Pick<Stores, 'messages' | 'cursors' | 'devices' | 'users' | 'preferences'>;
  plugins: Pick<PluginHost, 'providers'>;
  quotas: Pick<Quotas, 'load'>;
  settings: SettingsOf;
  quietUntil: QuietUntil;
  membersOf: MembersOf;
  surroundings: Pick<Surroundings, 'clock'>;
}

export interface JobContext {
  app: AppId;
  payload: PushPayload;
  /** Monotonic. */
  readAtMs: number;
  settings: PushSettings;
  missed: readonly Missed[];
  devices: ReadonlyMap<string, readonly Device[]>;
  providers: ReadonlyMap<string, ProviderHandle>;
  profiles: ReadonlyMap<string, UserProfile>;
}

interface Asked {
  userIds: ReadonlySet<string>;
  /**
   * Claims reach over what came since, too: for a step of a fall-back chain, which tells of all that the user has
   * missed by then.
   */
  isOpenEnded?: boolean;
}

export async function loadContext(
  deps: JobContextDeps,
  app: AppId,
  { payload, userIds: asked, isOpenEnded = false }: Asked & { payload: PushPayload },
): Promise<JobContext> {
  const { stores, plugins, quotas, quietUntil, membersOf, surroundings } = deps;
  const { stream, recipients } = payload;
  const readAtMs = surroundings.clock.monotonic();
  const claimed = recipients.filter(({ userId }) => asked.has(userId));
  const userIds = claimed.map(({ userId }) => userId);
  const [settings, cursors, devices, providers, preferences] = await Promise.all([
    deps.settings(app),
    stores.cursors.get(app, stream, userIds),
    stores.devices.ofUsers(app, userIds),
    plugins.providers(app),
    stores.preferences.ofUsers(app, userIds),
    quotas.load(app),
  ]);
  const claims = isOpenEnded ? claimed.map((each) => openEnded(each, cursors)) : claimed;
  const nowMs = surroundings.clock.now();
  const wishOf = (userId: string, message: StoredMessage) =>
    checkPreferences({ preferences: preferences.get(userId)?.preferences, userId, message, nowMs, quietUntil });
  const missed = await readMissed(app, stores.messages, {
    ...{ stream, claims, cursors, settings, wishOf, membersOf },
  });
  const senders = new Set(missed.map(({ owed }) => owed[0]?.senderId).filter((sender) => sender !== undefined));
  return {
    ...{ app, payload, readAtMs, settings, missed, devices },
    providers: new Map(providers.map((provider) => [provider.id, provider])),
    profiles: senders.size === 0 ? new Map<string, UserProfile>() : await stores.users.get(app, [...senders]),
  };
}

function openEnded(claimed: Claimed, cursors: ReadonlyMap<string, Cursor>): Claimed {
  return { ...claimed, through: Math.max(claimed.through, cursors.get(claimed.userId)?.pushed ?? 0) };
}

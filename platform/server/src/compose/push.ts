// Puts push together: devices, preferences, notifications and what a push left for dead, over the ports of an
// engine. Messaging says what is sent, and to whom.

import { Unread } from '../conversations/unread.ts';
import { createRecipientsOf } from '../broadcasting/audience.ts';
import type { Config } from '../config/config.ts';
import { createDeviceCache } from '../notifications/devices/device-cache.ts';
import { createSignedInDevices } from '../notifications/devices/signed-in-devices.ts';
import type { ProviderOf } from '../notifications/devices/check-target.ts';
import { createRenewals, type Renewals } from '../notifications/devices/renewals.ts';
import { createDevices, type Devices } from '../notifications/devices/devices.ts';
import { Notifications } from '../notifications/notifications.ts';
import { createPreferenceCache } from '../notifications/preferences/preference-cache.ts';
import { createPreferences, type Preferences } from '../notifications/preferences/preferences.ts';
import { createQuietUntil, type QuietUntil } from '../notifications/preferences/quiet-hours.ts';
import type { SettingsOf } from '../notifications/push-settings.ts';
import type { PreviewOf } from '../notifications/sending/content.ts';
import type { DeadLetters } from '../notifications/sending/dead-letters.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { DeviceStore, PreferenceStore } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { FileLinks } from '../uploads/file-links.ts';
import type { Acks } from '../sessions/acks.ts';
import type { ConversationParts } from './conversations.ts';
import type { Engine } from './engine.ts';

/** The parts of push that a broadcast needs. */
export interface PushParts {
  notifications: Pick<Notifications, 'schedule' | 'onRead' | 'servedProviders'>;
  /** As the caches of this node know them: for plans. */
  knownDevices: Pick<DeviceStore, 'ofUsers'>;
  knownPreferences: Pick<PreferenceStore, 'ofUsers'>;
  quietUntil: QuietUntil;
}

export interface Push extends PushParts {
  notifications: Notifications;
  devices: Devices;
  renewals: Renewals;
  preferences: Preferences;
  deadLetters: DeadLetters;
  /** The devices that this node keeps at hand are forgotten; to be called on each node. */
  onSignedOut: (app: AppId, userId: string) => void;
}

export interface PushDeps {
  engine: Pick<Engine, 'stores' | 'queue' | 'rates' | 'bus'>;
  conversations: Pick<ConversationParts, 'kinds' | 'participantsOf'>;
  acks: Pick<Acks, 'flush'>;
  facts: Pick<Facts, 'record' | 'subscribe'>;
  /** The installation's. */
  secret: string;
  limits: Config['limits'];
  /** Where browsers and phones reach the server, where that is known. */
  publicUrl: string | undefined;
  surroundings: Surroundings;
  settings: SettingsOf;
  messageType: PreviewOf;
  plugins: Pick<PluginHost, 'provider' | 'providers' | 'pause'>;
  /** Undefined for a key that no app has. */
  findApp: (key: string) => Promise<AppId | undefined>;
}

export function composePush(deps: PushDeps): Push {
  const { conversations, acks, facts, secret, limits, settings, messageType, plugins } = deps;
  const { stores, queue, rates, bus } = deps.engine;
  const { surroundings } = deps;
  const { clock } = surroundings;
  const { kinds, participantsOf } = conversations;
  const signedIn = createSignedInDevices(stores);
  const knownDevices = createDeviceCache({ store: signedIn, bus, clock });
  // Where a stale list would be shown, or sent to, it is read anew; what is changed there the cache has to
  // hear of.
  const freshDevices: DeviceStore = {
    ...knownDevices,
    ofUsers: (app, userIds) => stores.devices.ofUsers(app, userIds),
  };
  const knownPreferences = createPreferenceCache({ store: stores.preferences, bus, clock });
  const freshPreferences: PreferenceStore = {
    ...knownPreferences,
    ofUsers: (app, userIds) => stores.preferences.ofUsers(app, userIds),
  };
  const quietUntil = createQuietUntil();
  const unread = new Unread({ ...stores, store: stores.conversations });
  const links = new FileLinks(secret);
  const notifications = new Notifications({
    ...{
      stores: { ...stores, devices: { ...freshDevices, ofUsers: (app, userIds) => signedIn.ofUsers(app, userIds) } },
      queue,
      rates,
      surroundings,
      acks,
      plugins,
      messageType,
    },
    ...{ settings, recipientsOf: createRecipientsOf({ kinds, membersOf: participantsOf }) },
    ...{ quietUntil, facts, secret, limits, publicUrl: deps.publicUrl },
    unreadOf: async (app, userId) => (await unread.of(app, userId)).total,
    fileLink: (app, id, expiresAtMs) =>
      deps.publicUrl && `${deps.publicUrl}${links.make({ app, id, expires: Math.ceil(expiresAtMs / 1000) })}`,
    membersOf: async (app, id) =>
      new Set((await stores.conversations.participants(app, id))?.participants.map(({ userId }) => userId)),
  });
  const provider: ProviderOf = (app, id) => plugins.provider(app, id);
  const renewals = createRenewals({
    ...{ secret, store: freshDevices, users: stores.users, provider, clock, limits },
    findApp: deps.findApp,
  });
  return {
    knownDevices,
    knownPreferences,
    quietUntil,
    devices: createDevices({
      ...{ store: freshDevices, users: stores.users },
      ...{ provider, renewals, clock, facts, log: surroundings.log, limits },
    }),
    preferences: createPreferences({
      ...{ store: freshPreferences, clock },
      maxConversations: limits.preferenceConversations,
    }),
    renewals,
    deadLetters: notifications.deadLetters,
    onSignedOut: (app, userId) => knownDevices.drop(app, userId),
    notifications,
  };
}

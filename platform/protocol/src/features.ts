// Which feature of a page lets a connection send which command and get which event. Which page has which
// feature: pages.ts.
// No schemas here: browsers load these tables.

export const builtInFeatures = [
  'messaging',
  'typing_indicator',
  'read_receipts',
  'file_upload',
  'voice_note',
  'screen_share',
  'presence',
  'system_notifications',
  'user_monitoring',
  'real_time_stats',
  'notifications',
  'testing',
  'debug',
] as const;
export type BuiltInFeature = (typeof builtInFeatures)[number];

/** A command may be sent when the page has any of these; an empty list needs nothing. */
export const commandFeature = {
  connect: [],
  auth: [],
  page: [],
  heartbeat: [],
  message: ['messaging'],
  edit_message: ['messaging'],
  delete_message: ['messaging'],
  add_reaction: ['messaging'],
  remove_reaction: ['messaging'],
  pin_message: ['messaging'],
  unpin_message: ['messaging'],
  ack: [],
  read: ['messaging'],
  typing: ['typing_indicator'],
  history: ['messaging'],
  replies: ['messaging'],
  pins: ['messaging'],
  conversations: ['messaging'],
  presence: ['presence', 'user_monitoring'],
  // The token's `topics` or `presenceTopics`, or the page's, must allow the topic (`allowsTopic`); for `stats` the
  // feature does.
  subscribe: [],
  unsubscribe: [],
  register_device: [],
  sync: [],
} as const satisfies Record<string, readonly BuiltInFeature[]>;

/**
 * A connection that is subscribed to it on a page with `real_time_stats` is sent `stats_update` once a
 * second.
 */
export const statsTopic = 'stats';

/** An event is sent when the page has any of these; an empty list needs nothing. */
export const eventFeatures = {
  new_message: ['messaging'],
  message_edited: ['messaging'],
  message_deleted: ['messaging'],
  message_updated: ['messaging'],
  consultation_reply: ['messaging'],
  mobile_notification: [],
  typing_status: ['typing_indicator'],
  // Of others. A user's own read state reaches all of their connections.
  read_status: ['read_receipts'],
  conversation_added: ['messaging'],
  conversation_changed: ['messaging'],
  conversation_removed: ['messaging'],
  system_notification: ['system_notifications', 'messaging'],
  direct_message: [],
  announcement: ['system_notifications', 'notifications'],
  presence_update: ['presence', 'user_monitoring'],
  // The token's `presenceTopics` or the page's must have the topic.
  topic_presence: [],
  device_connected: ['user_monitoring'],
  device_disconnected: ['user_monitoring'],
  page_config_changed: [],
  auth_expiring: [],
  gap: [],
  goaway: [],
  stats_update: ['real_time_stats'],
  skipped: [],
} as const satisfies Record<string, readonly BuiltInFeature[]>;

/** Message types that need a feature beside `messaging`. A type of a plugin may name its own. */
export const messageTypeFeature: ReadonlyMap<string, BuiltInFeature> = new Map([
  ['voice', 'voice_note'],
  ['file', 'file_upload'],
  ['image', 'file_upload'],
]);

/**
 * Whether a connection whose page has `features` may get an event of this action. An action that is not built
 * in is a tenant's own and needs nothing, unless its kind names a feature; a feature named by a kind is
 * needed in any case.
 */
export function mayReceive(
  features: ReadonlySet<string> | readonly string[],
  action: string,
  kindFeature?: string,
): boolean {
  const has = (feature: string): boolean => ('has' in features ? features.has(feature) : features.includes(feature));
  if (kindFeature !== undefined && !has(kindFeature)) return false;
  const needed = isBuiltInEvent(action) ? eventFeatures[action] : [];
  return needed.length === 0 || needed.some(has);
}

/** Those of which a page needs one to get the event; none: every page gets it. */
export function featuresFor(action: string, kindFeature?: string): readonly string[] {
  if (kindFeature !== undefined) return [kindFeature];
  return isBuiltInEvent(action) ? eventFeatures[action] : [];
}

/** Whether a connection whose page has `features` may send a command of this action. */
export function maySend(
  features: ReadonlySet<string> | readonly string[],
  action: keyof typeof commandFeature,
): boolean {
  const needed: readonly string[] = commandFeature[action];
  return (
    needed.length === 0 ||
    needed.some((feature) => ('has' in features ? features.has(feature) : features.includes(feature)))
  );
}

/**
 * The features that are neither built in nor named by anything of `declaring` (kinds, message types): a policy
 * that has them gains nothing by it. `index` is the place in the list.
 */
export function undeclaredFeatures(
  features: readonly string[],
  declaring: readonly { readonly feature?: string | undefined }[],
): { index: number; message: string }[] {
  const known = new Set<string | undefined>([...builtInFeatures, ...declaring.map(({ feature }) => feature)]);
  return features.flatMap((feature, index) =>
    known.has(feature) ? [] : [{ index, message: `nobody declares the feature ${feature}` }],
  );
}

function isBuiltInEvent(action: string): action is keyof typeof eventFeatures {
  return Object.hasOwn(eventFeatures, action);
}

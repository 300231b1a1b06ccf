// Puts a change of a user's preferences into what is there. Not where they are kept, nor what they mean.
import { BelfryError } from '@belfry/protocol';
import type { ConversationPreference, Preferences, PreferencesChange } from '@belfry/protocol';

/** Of a user who never set any. */
export const defaultPreferences: Preferences = { level: 'all', conversations: {} };

/**
 * Fields that are given are changed, `null` takes one away, the rest stays. Mutes that are over go, unless
 * they were just given. Throws `too_large` for too many conversations.
 */
export function mergePreferences(
  before: Preferences,
  change: PreferencesChange,
  { nowMs, maxConversations }: { nowMs: number; maxConversations: number },
): Preferences {
  const { level = before.level, quietHours = before.quietHours } = change;
  const conversations = new Map(
    Object.entries(before.conversations).map(([id, each]) => [id, withoutPastMute(each, nowMs)]),
  );
  for (const [id, given] of Object.entries(change.conversations ?? {})) {
    const merged = given === null ? {} : mergeConversation(conversations.get(id) ?? {}, given);
    conversations.set(id, merged);
  }
  const said = [...conversations].filter(([, each]) => each.level !== undefined || each.muteUntil !== undefined);
  if (said.length > maxConversations) {
    throw new BelfryError('too_large', {
      message: `Preferences of a user may name at most ${maxConversations} conversations.`,
      path: ['conversations'],
    });
  }
  return {
    level,
    ...(quietHours === null || quietHours === undefined ? {} : { quietHours }),
    conversations: Object.fromEntries(said),
  };
}

type ConversationChange = NonNullable<NonNullable<PreferencesChange['conversations']>[string]>;

function mergeConversation(before: ConversationPreference, change: ConversationChange): ConversationPreference {
  const { level = before.level } = change;
  const muteUntil = typeof change.muteUntil === 'string' ? new Date(change.muteUntil).toISOString() : change.muteUntil;
  const until = muteUntil === undefined ? before.muteUntil : muteUntil;
  return {
    ...(level === null || level === undefined ? {} : { level }),
    ...(until === null || until === undefined ? {} : { muteUntil: until }),
  };
}

function withoutPastMute({ level, muteUntil }: ConversationPreference, nowMs: number): ConversationPreference {
  const lasts = muteUntil !== undefined && Date.parse(muteUntil) > nowMs;
  return { ...(level === undefined ? {} : { level }), ...(lasts ? { muteUntil } : {}) };
}

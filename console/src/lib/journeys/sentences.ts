// Why a decision fell as it did, in sentences made of what was recorded with it; each with the way to what decided.
import { addresses } from '#lib/addresses.ts';
import type { Journey, Recipient } from '#lib/api/shapes.ts';
import { deviceWord } from '#lib/texts/devices.ts';
import { milliseconds } from '#lib/texts/numbers.ts';
import { reasonWords } from '#lib/texts/reasons.ts';
import { clockTime, exactTime, type TimeStyle } from '#lib/texts/times.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';

export interface Sentence {
  text: string;
  /** What decided. */
  link?: { href: string; text: string };
}

export interface About {
  app: string;
  message: Journey['message'];
  times: TimeStyle;
}

type Connection = Recipient['realtime'][number];
type Push = Recipient['push'][number];

export function whyOfConnection(each: Connection, about: About): Sentence[] {
  const { app, message } = about;
  const { reason, pagePattern, pageVersion, deviceType } = each;
  const { policy = {}, features = [], deliveredMeans } = message;
  const attention = attentionOf(each);
  const sentences: Sentence[] = attention === undefined ? [] : [{ text: attention }];
  if (reason === 'feature_off_on_page' && pagePattern !== undefined && features.length > 0) {
    const named = `${visibleText(pagePattern)}${pageVersion === undefined ? '' : ` v${pageVersion}`}`;
    sentences.push({
      text: m.msg_why_feature({ policy: named, features: features.join(', ') }),
      link: { href: pageAddress(app, pagePattern, pageVersion), text: m.msg_to_policy() },
    });
  } else if (reason === 'device_type_excluded') {
    const { realtime, connectionTypes } = policy;
    if (realtime === 'none') sentences.push({ text: m.msg_why_realtime_none() });
    else if (Array.isArray(realtime) && !realtime.includes(deviceType)) {
      sentences.push({ text: m.msg_why_device_types({ types: realtime.map(deviceWord).join(', ') }) });
    } else if (connectionTypes !== undefined) {
      sentences.push({ text: m.msg_why_connection_types({ types: visibleText(connectionTypes.join(', ')) }) });
    } else sentences.push({ text: reasonWords(reason).why });
  } else if (reason === 'acked') sentences.push({ text: m.msg_why_seen_visible() });
  else if (reason === 'acked_hidden') {
    sentences.push({
      text: deliveredMeans === 'visible' ? m.msg_why_hidden_visible() : m.msg_why_hidden_attended(),
      link: { href: addresses.settings(app, 'general'), text: m.msg_setting() },
    });
  } else sentences.push({ text: reasonWords(reason).why });
  return sentences;
}

/** As the client had said by the time of the decision; nothing where it does not matter. */
function attentionOf({ reason, visible, attended }: Connection): string | undefined {
  if (visible === undefined || reason === 'feature_off_on_page' || reason === 'device_type_excluded') return undefined;
  if (!visible) return m.msg_was_hidden();
  if (reason === 'acked') return undefined;
  return attended === false ? m.msg_was_idle() : m.msg_was_attended();
}

export function whyOfPush(each: Push, recipient: Recipient, about: About): Sentence[] {
  const { app, message, times } = about;
  const { reason, provider } = each;
  const sentences: Sentence[] = [{ text: reasonWords(reason).why }];
  const waited = each.steps.some((step) => step.reason === 'waiting_for_ack');
  const waitMs = message.policy?.waitMs;
  if (waited && waitMs !== undefined && reason === 'waiting_for_ack') {
    sentences.push({ text: m.msg_why_waits({ wait: milliseconds(waitMs, times.tag) }) });
  }
  const preference = preferenceOf(recipient, about);
  if (preference !== undefined && byPreference.has(reason)) sentences.push(preference);
  if (ofProvider.has(reason)) {
    sentences.push({
      text: m.msg_why_provider({ provider: visibleText(provider) }),
      link: { href: `${addresses.user(app, recipient.userId)}?tab=push`, text: m.msg_to_targets() },
    });
  }
  return sentences;
}

/** Of somebody without any connection, or any device. */
export function whyOfPerson(reason: string, recipient: Recipient, about: About): Sentence[] {
  const sentences: Sentence[] = [{ text: reasonWords(reason).why }];
  if (reason === 'policy_never' && about.message.policy?.push === 'never') {
    return [{ text: m.msg_why_push_never() }];
  }
  const user = addresses.user(about.app, recipient.userId);
  if (reason === 'no_device')
    return [{ text: reasonWords(reason).why, link: { href: `${user}?tab=push`, text: m.msg_to_targets() } }];
  return sentences;
}

const byPreference: ReadonlySet<string> = new Set(['muted', 'mentions_only', 'preference_off', 'quiet_hours_deferred']);
const ofProvider: ReadonlySet<string> = new Set([
  ...['target_gone', 'payload_rejected', 'credentials_rejected', 'quota', 'no_provider_for_device', 'retrying'],
]);

function preferenceOf({ userId, preference }: Recipient, { app, times }: About): Sentence | undefined {
  if (preference === undefined) return undefined;
  const who = visibleText(userId);
  const until = preference.until === undefined ? '' : momentOf(Date.parse(preference.until), times);
  const texts = {
    mute: () => m.msg_why_mute({ who, until }),
    quiet_hours: () => m.msg_why_quiet({ who, until }),
    level: () => (preference.ofConversation ? m.msg_why_level_own({ who }) : m.msg_why_level_general({ who })),
  };
  return {
    text: texts[preference.by](),
    link: { href: `${addresses.user(app, userId)}?tab=preferences`, text: m.msg_to_preferences() },
  };
}

const dayMs = 86_400_000;

function momentOf(at: number, times: TimeStyle): string {
  return Math.abs(at - Date.now()) < dayMs ? clockTime(at, times).slice(0, 5) : exactTime(at, times);
}

/** The policy of a page as it was in this version. */
export function pageAddress(app: string, pattern: string, version: number | undefined): string {
  const query = new URLSearchParams({ pattern, ...(version === undefined ? {} : { version: String(version) }) });
  return `${addresses.pageHistory(app)}?${query.toString()}`;
}

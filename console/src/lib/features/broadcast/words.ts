// What a broadcast would do, in words: as reasons.ts says what became of one, with what is not so yet.
import type { BroadcastExplanation } from '#lib/api/shapes.ts';
import { reasonWords, type Tone } from '#lib/texts/reasons.ts';
import { m } from '#texts';
import type { Missing } from './request.ts';

export type Recipient = BroadcastExplanation['recipients'][number];

const before = new Map<string, { tone: Tone; text: () => string }>([
  ['sent', { tone: 'good', text: () => m.send_reason_sent() }],
  ['queued', { tone: 'info', text: () => m.send_reason_queued() }],
]);

/** `isSent`: of what happened, and not of what would. */
export function outcomeWords(reason: string, isSent: boolean): { tone: Tone; text: string; why: string } {
  const words = reasonWords(reason);
  const other = isSent ? undefined : before.get(reason);
  return other === undefined ? words : { ...words, tone: other.tone, text: other.text() };
}

/** All that stands for a recipient, in tabs and by push. */
export function reasonsOf({ realtime, push, reason, pushReason }: Recipient): string[] {
  const own = [reason, pushReason].filter((each) => each !== undefined);
  return [...realtime.map((each) => each.reason), ...push.map((each) => each.reason), ...own];
}

export function missingWords(missing: readonly Missing[]): string[] {
  const words: { [M in Missing]: () => string } = {
    kind: () => m.send_missing_kind(),
    content: () => m.send_missing_content(),
    sender: () => m.send_missing_sender(),
    users: () => m.send_missing_users(),
    conversation: () => m.send_missing_conversation(),
    topic: () => m.send_missing_topic(),
  };
  return missing.map((each) => words[each]());
}

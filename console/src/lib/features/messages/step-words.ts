// The steps of a message in words.
import { reasonWords } from '#lib/texts/reasons.ts';
import { m } from '#texts';
import type { Milestone } from './steps.ts';

const words = new Map<string, () => string>([
  ['accepted', () => m.msg_accepted()],
  ['stored', () => m.msg_stored()],
  ['resolved', () => m.msg_resolved()],
  ['attempt_accepted', () => m.msg_attempt_accepted()],
  ['attempt_retry', () => m.msg_attempt_retry()],
  ['attempt_rejected', () => m.msg_attempt_rejected()],
]);

export function stepWord(what: string): string {
  return words.get(what)?.() ?? reasonWords(what).text;
}

const milestones: Readonly<Record<Milestone, () => string>> = {
  accepted: () => m.msg_accepted(),
  stored: () => m.msg_stored(),
  resolved: () => m.msg_resolved(),
  sent: () => m.msg_first_sent(),
  seen: () => m.msg_seen_first(),
  push: () => m.msg_push_decided(),
  attempt: () => m.msg_first_attempt(),
  last: () => m.msg_last_done(),
};

export function milestoneWord(id: Milestone): string {
  return milestones[id]();
}

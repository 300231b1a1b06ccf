// What a participant has of a message, in words.
import { m } from '#texts';
import type { ProgressField } from './marks.ts';

const words: Record<ProgressField, () => string> = {
  read: () => m.talk_read(),
  seen: () => m.talk_seen(),
  delivered: () => m.talk_delivered(),
  pushed: () => m.talk_pushed(),
};

export function fieldWord(field: ProgressField): string {
  return words[field]();
}

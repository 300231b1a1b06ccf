// What a decision was about, in a line: the kind of message, where it went, and from whom.
import type { Decision } from '#lib/api/shapes.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';

export function decisionTitle({ kind, conversationId, senderId }: Decision): string {
  const [where, who] = [visibleText(conversationId ?? ''), visibleText(senderId ?? '')];
  if (conversationId === undefined) return senderId === undefined ? kind : m.see_kind_from({ kind, who });
  return senderId === undefined ? m.see_kind_in({ kind, where }) : m.see_kind_in_from({ kind, where, who });
}

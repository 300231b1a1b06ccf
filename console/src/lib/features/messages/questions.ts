// What a list of messages can be asked for beside what is typed: states, times, reasons.
import { reasonIds, reasonWords } from '#lib/texts/reasons.ts';
import { m } from '#texts';

export const states = [
  { id: 'all', word: () => m.msg_state_all() },
  { id: 'moving', word: () => m.msg_state_moving() },
  { id: 'failed', word: () => m.msg_state_failed() },
  { id: 'done', word: () => m.msg_state_done() },
] as const;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const ranges = [
  { id: '15m', ms: 15 * minuteMs, word: () => m.msg_last_15m() },
  { id: '1h', ms: hourMs, word: () => m.msg_last_1h() },
  { id: '6h', ms: 6 * hourMs, word: () => m.msg_last_6h() },
  { id: '24h', ms: 24 * hourMs, word: () => m.msg_last_24h() },
  { id: '7d', ms: 7 * 24 * hourMs, word: () => m.msg_last_7d() },
] as const;

/** Of connections; the others are of pushes. `not_a_member` is both. */
export const inPages: ReadonlySet<string> = new Set([
  ...['sent', 'acked', 'acked_hidden', 'no_connection', 'device_type_excluded', 'feature_off_on_page'],
  ...['slow_consumer', 'excluded_sender', 'not_a_member'],
]);

export function reasonGroups(): { title: string; reasons: { id: string; text: string }[] }[] {
  return [
    { title: m.msg_in_pages(), reasons: worded(reasonIds.filter((id) => inPages.has(id))) },
    { title: m.msg_by_push(), reasons: worded(reasonIds.filter((id) => !inPages.has(id))) },
  ];
}

function worded(ids: readonly string[]): { id: string; text: string }[] {
  return ids.map((id) => ({ id, text: reasonWords(id).text }));
}

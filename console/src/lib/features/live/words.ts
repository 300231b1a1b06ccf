// Rows of what passes, in words.
import { reasonWords, type Tone } from '#lib/texts/reasons.ts';
import { m } from '#texts';

/** As the server says it. */
export interface LiveRow {
  id: number;
  at: string;
  type: string;
  what: string;
  user?: string;
  page?: string;
  kind?: string;
  conversation?: string;
  connection?: string;
  message?: string;
  seq?: number;
  recipients?: number;
  counts?: Record<string, number>;
  reason?: string;
  ms?: number;
}

const typeWords = new Map<string, () => string>([
  ['command', () => m.live_command()],
  ['event', () => m.live_event()],
  ['connect', () => m.live_connect()],
  ['close', () => m.live_close()],
  ['move', () => m.live_move()],
  ['push', () => m.live_push()],
  ['policy', () => m.live_policy()],
  ['provider', () => m.live_provider()],
  ['hook', () => m.live_hook()],
]);

export const types: readonly string[] = [...typeWords.keys()];

export function typeWord(type: string): string {
  return typeWords.get(type)?.() ?? type;
}

/** Closes that nothing is wrong with: the page was left, or the server asked for it. */
const calmCloses = new Set(['1000', '1001', '4500']);

/** What came of it; undefined where that is nothing to say. */
export function outcomeWord({ type, reason }: LiveRow): { tone: Tone; text: string } | undefined {
  if (reason === undefined) return undefined;
  if (type === 'command') return reason === 'ok' ? { tone: 'good', text: 'ok' } : { tone: 'bad', text: reason };
  if (type === 'close') return { tone: calmCloses.has(reason) ? 'off' : 'warn', text: reason };
  if (type === 'push') return reasonWords(reason);
  return { tone: 'info', text: reason };
}

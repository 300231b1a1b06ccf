// What a node is and how it is, in words.
import type { Tone } from '#lib/texts/reasons.ts';
import { m } from '#texts';

interface NodeWords {
  role: string;
  state: string;
  tone: Tone;
}

/** A node of an earlier version says neither. */
export function nodeWords({ role, state }: { role?: string | undefined; state?: string | undefined }): NodeWords {
  return { role: roleWord(role), ...stateWords(state) };
}

function roleWord(role: string | undefined): string {
  if (role === undefined) return m.node_earlier();
  const words = new Map([
    ['all', m.node_role_all()],
    ['gateway', m.node_role_gateway()],
    ['worker', m.node_role_worker()],
  ]);
  return words.get(role) ?? role;
}

function stateWords(state: string | undefined): { state: string; tone: Tone } {
  switch (state) {
    case 'ready':
      return { state: m.node_ready(), tone: 'good' };
    case 'starting':
      return { state: m.node_starting(), tone: 'info' };
    case 'draining':
      return { state: m.node_draining(), tone: 'warn' };
    case 'not_ready':
      return { state: m.node_not_ready(), tone: 'bad' };
    default:
      return { state: m.node_unsaid(), tone: 'off' };
  }
}

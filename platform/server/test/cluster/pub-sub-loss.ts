// Loses messages of Redis' pub/sub on their way to a node, and nothing else that Redis says: a filter for a way.
// Reads RESP 2 and 3 as far as it must.

import type { Filter } from '../support/tcp-way.ts';

export interface PubSubLoss {
  /** For each connection one. */
  createFilter: () => Filter;
  readonly passed: number;
  readonly dropped: number;
}

const kinds = new Set(['message', 'smessage', 'pmessage']);

/** `isLost` is asked for each message. */
export function createPubSubLoss(isLost: () => boolean): PubSubLoss {
  let [passed, dropped] = [0, 0];
  return {
    createFilter: () => {
      let rest: Buffer = Buffer.alloc(0);
      return (chunk) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        const kept: Buffer[] = [];
        for (let end = endOfReply(rest, 0); end !== undefined; end = endOfReply(rest, 0)) {
          const reply = rest.subarray(0, end);
          rest = rest.subarray(end);
          const isMessage = kinds.has(firstWordOf(reply));
          if (isMessage && isLost()) {
            dropped += 1;
            continue;
          }
          if (isMessage) passed += 1;
          kept.push(reply);
        }
        return Buffer.concat(kept);
      };
    },
    get passed() {
      return passed;
    },
    get dropped() {
      return dropped;
    },
  };
}

/** The place behind the reply that begins at `start`; undefined while not all of it is there. */
function endOfReply(bytes: Buffer, start: number): number | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const kind = String.fromCharCode(bytes[start] ?? 0);
  const afterLine = lineEnd + 2;
  const count = Number(bytes.toString('latin1', start + 1, lineEnd));
  if ('$=!'.includes(kind)) {
    const end = count < 0 ? afterLine : afterLine + count + 2;
    return end <= bytes.length ? end : undefined;
  }
  if (!'*>~%'.includes(kind)) return afterLine;
  let end: number | undefined = afterLine;
  for (let left = kind === '%' ? count * 2 : count; left > 0 && end !== undefined; left -= 1)
    end = endOfReply(bytes, end);
  return end;
}

/** Of a list; empty where it does not begin with a text. */
function firstWordOf(reply: Buffer): string {
  const kind = String.fromCharCode(reply[0] ?? 0);
  if (kind !== '*' && kind !== '>') return '';
  const start = reply.indexOf('\r\n') + 2;
  if (String.fromCharCode(reply[start] ?? 0) !== '$') return '';
  const textAt = reply.indexOf('\r\n', start) + 2;
  return reply.toString('latin1', textAt, reply.indexOf('\r\n', textAt));
}

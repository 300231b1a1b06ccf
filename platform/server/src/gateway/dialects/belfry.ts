// Belfry's own protocol (docs/protocol.md) as the gateway speaks it. The shape of frames is
// protocol/src/frames.ts.
import { answerFrame, encodeEvent, errorFrame, parseFrame } from '@belfry/protocol';
import { textFrame } from '../writing/frame.ts';
import type { Dialect } from './dialect.ts';

const path = '/ws';

export const belfry: Dialect = {
  subprotocol: 'belfry.v1',
  appKeyOf: (at, query) => (at === path ? (new URLSearchParams(query).get('app') ?? '') : undefined),
  read: (text, maxDepth) => parseFrame(text, { maxDepth }),
  answer: ({ id }, data) => (id === undefined ? undefined : textFrame(answerFrame(id, data))),
  error: ({ id }, error) => textFrame(errorFrame(id, error)),
  event: (event) => textFrame(encodeEvent(event)),
  ping: undefined,
};

// Holds the names of streams to those of the protocol, and epochs to what it accepts.

import { conversationStream as protocolStream, epochSchema, parseStream } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { conversationOfStream, conversationStream, firstEpoch, nextEpoch } from './conversation-stream.ts';

test('a conversation has the stream that the protocol names', () => {
  expect(conversationStream('c1')).toBe(protocolStream('c1'));
  expect(parseStream(conversationStream('c1'))).toEqual({ type: 'conversation', conversationId: 'c1' });
  expect(conversationOfStream(protocolStream('c:1'))).toBe('c:1');
  expect(conversationOfStream('i:alice')).toBeUndefined();
});

test.each(['e1', 'e9', 'restored-2026', ''])(
  'the epoch after %o is another one, which the protocol accepts',
  (epoch) => {
    expect(nextEpoch(epoch)).not.toBe(epoch);
    expect(epochSchema.safeParse(nextEpoch(epoch)).success).toBe(true);
  },
);

test('counted epochs count on', () => {
  expect(nextEpoch(firstEpoch)).toBe('e2');
});

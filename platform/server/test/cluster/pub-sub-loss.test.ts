// What is lost of the pub/sub of Redis, and that nothing else is, however its bytes are cut into pieces.

import { expect, test } from 'vitest';
import { createPubSubLoss } from './pub-sub-loss.ts';

const message = (text: string): string => `*3\r\n$8\r\nsmessage\r\n$1\r\nc\r\n$${text.length}\r\n${text}\r\n`;
const push = (text: string): string => `>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$${text.length}\r\n${text}\r\n`;
const others = [
  '+OK\r\n',
  ':12\r\n',
  '$-1\r\n',
  '*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n',
  '%1\r\n+a\r\n*0\r\n',
  '_\r\n',
];

function passed(text: string, pieceBytes: number, isLost: () => boolean): string {
  const filter = createPubSubLoss(isLost).createFilter();
  const bytes = Buffer.from(text);
  let kept = '';
  for (let at = 0; at < bytes.length; at += pieceBytes) kept += filter(bytes.subarray(at, at + pieceBytes)).toString();
  return kept;
}

test.each([1, 7, 1000])('messages are lost and replies are not, in pieces of %d bytes', (pieceBytes) => {
  const text = others.join(message('a\r\nb')) + push('c');
  expect(passed(text, pieceBytes, () => true)).toBe(others.join(''));
  expect(passed(text, pieceBytes, () => false)).toBe(text);
});

test('messages that were lost and that were not are counted', () => {
  let asked = 0;
  const loss = createPubSubLoss(() => (asked += 1) % 3 === 0);
  loss.createFilter()(Buffer.from(message('a').repeat(6)));
  expect([loss.dropped, loss.passed]).toEqual([2, 4]);
});

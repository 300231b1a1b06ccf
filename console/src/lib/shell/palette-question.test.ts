import { expect, test } from 'vitest';
import { questionOf } from './palette-question.ts';

const id = '018f2c3a-0000-7000-8000-0123456789ab';

test.each([
  [' bob ', { q: 'bob', of: ['users', 'conversations'] }],
  ['user bob', { q: 'bob', of: ['users'] }],
  ['用户：bob', { q: 'bob', of: ['users'] }],
  ['yonghu bob', { q: 'bob', of: ['users'] }],
  ['conversation c1', { q: 'c1', of: ['conversations'] }],
  ['会话 c1', { q: 'c1', of: ['conversations'] }],
  [id, { q: id, of: ['users', 'conversations', 'connection', 'message'] }],
  [`message ${id}`, { q: id, of: ['message'] }],
  [`connection ${id.slice(0, 8)}`, { q: id.slice(0, 8), of: ['connection'] }],
  ['message bob', { q: 'bob', of: [] }],
  // A name that begins with such a word is a name.
  ['username', { q: 'username', of: ['users', 'conversations'] }],
])('%j is asked for as %j', (typed, question) => {
  expect(questionOf(typed)).toEqual(question);
});

import { expect, it } from 'vitest';
import { beginningOf, searchOf } from './beginning.ts';

it('what is shared is read as it was, whatever stands in it', () => {
  const shared = {
    pages: { left: '/doctor/chat/7?x=1', right: '/急诊 #3' },
    users: { left: 'a&b=c', right: 'bob' },
    kind: 'direct',
  };
  expect(beginningOf(new URLSearchParams(searchOf(shared).toString()))).toEqual(shared);
});

it('a half of it, or twice the same person, is left out', () => {
  expect(beginningOf(new URLSearchParams('left=ann'))).toEqual({});
  expect(beginningOf(new URLSearchParams('left=ann&right=ann&kind='))).toEqual({});
  expect(beginningOf(new URLSearchParams('leftPage=/chat'))).toEqual({ pages: { left: '/chat', right: '/chat' } });
});

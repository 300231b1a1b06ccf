import { expect, test } from 'vitest';
import { completionsOf, type KnownFilter } from './completion.ts';

const names = ['user', 'device', 'page', 'policy'];
const known: KnownFilter[] = [
  {
    name: 'page',
    title: 'Page',
    values: ['/chat', '/shop', 'default'].map((value) => ({ value, text: value, count: 3 })),
  },
  { name: 'policy', title: '策略', values: [{ value: 'old', text: 'not the newest', count: 12 }] },
  { name: 'device', title: 'Device', values: [{ value: 'mobile', text: 'phone' }] },
];

function completed(text: string, chosen: { name: string; value: string }[] = [], caret = text.length): string[] {
  const { items } = completionsOf({ text, caret }, { names, known, chosen });
  return items.map(({ name, value }) => `${name}:${value ?? ''}`);
}

test('a beginning offers the names that fit it, by code or by title, in any case', () => {
  expect(completed('p')).toEqual(['page:', 'policy:']);
  expect(completed('PAG')).toEqual(['page:']);
  expect(completed('策')).toEqual(['policy:']);
  expect(completed('')).toEqual(['user:', 'device:', 'page:', 'policy:']);
  expect(completed('bob')).toEqual([]);
});

test('after a name its values are offered with their counts, those that begin so first', () => {
  expect(completed('page:')).toEqual(['page:/chat', 'page:/shop', 'page:default']);
  expect(completed('page:sho')).toEqual(['page:/shop']);
  expect(completed('page:h')).toEqual(['page:/chat', 'page:/shop']);
  expect(completed('policy:newest')).toEqual(['policy:old']);
  expect(completed('user:')).toEqual([]);
  const { items } = completionsOf({ text: 'policy:', caret: 7 }, { names, known, chosen: [] });
  expect(items).toEqual([{ name: 'policy', value: 'old', text: 'not the newest', count: 12 }]);
});

test('what is filtered by already is not offered again', () => {
  expect(completed('page:', [{ name: 'page', value: '/chat' }])).toEqual(['page:/shop', 'page:default']);
});

test('a name that is no filter, and a value with a colon, offer nothing', () => {
  expect(completed('http://a')).toEqual([]);
  expect(completed('page:/a:b')).toEqual([]);
});

test('the word at the caret is completed, and nothing around it', () => {
  const text = 'words page:/s more';
  const { from, to, items } = completionsOf({ text, caret: 13 }, { names, known, chosen: [] });
  expect(text.slice(from, to)).toBe('page:/s');
  expect(items.map(({ value }) => value)).toEqual(['/shop']);
  const quoted = 'device:"mobile ph';
  expect(completionsOf({ text: quoted, caret: quoted.length }, { names, known, chosen: [] }).from).toBe(0);
});

test('at most fifty are offered', () => {
  const values = Array.from({ length: 80 }, (_, at) => ({ value: `p${at}`, text: `p${at}` }));
  const offered = { names, known: [{ name: 'user', title: 'User', values }], chosen: [] };
  expect(completionsOf({ text: 'user:', caret: 5 }, offered).items).toHaveLength(50);
});

import { expect, test } from 'vitest';
import { snippetsOf } from './snippets.ts';

const facts = { app: 'demo', url: 'https://belfry.example/', page: '/shop', tokens: 'belfry' } as const;
const all = (given: Parameters<typeof snippetsOf>[0]): string =>
  snippetsOf(given)
    .flatMap(({ parts }) => parts.map(({ code }) => code))
    .join('\n');

test('every way names the app and the address of the server, and no key', () => {
  for (const { id, parts } of snippetsOf(facts)) {
    const code = parts.map((part) => part.code).join('\n');
    expect(code, id).toContain('belfry.example');
    if (id !== 'curl') expect(code, id).toContain('demo');
    expect(code, id).not.toMatch(/bk_/);
  }
  expect(all(facts)).toContain('wss://belfry.example/ws?app=demo');
});

test('an app whose tokens its own issuer makes is not shown how to make them', () => {
  expect(snippetsOf({ ...facts, tokens: 'issuer' }).map(({ id }) => id)).not.toContain('node');
});

test('a name with quotes stays a text', () => {
  expect(all({ ...facts, page: "/it's" })).toContain(String.raw`page: '/it\'s'`);
});

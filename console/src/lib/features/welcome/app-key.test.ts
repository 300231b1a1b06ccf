// The key of a new app.
import { expect, test } from 'vitest';
import { freeKey, keyFault, keyFromName } from './app-key.ts';

test.each([
  ['Nurse App', 'nurse-app'],
  ['  Café & Bar ', 'cafe-bar'],
  ['诊所', ''],
  ['Belfry Demo', 'demo'],
])('the name %j gives the key %j', (name, key) => {
  expect(keyFromName(name)).toBe(key);
});

test.each([
  ['demo', undefined],
  ['', 'form'],
  ['nurse app', 'form'],
  ['a/b', 'form'],
  ['belfry-console', 'reserved'],
  ['stage', 'taken'],
])('the key %j has the fault %s', (key, fault) => {
  expect(keyFault(key, ['stage'])).toBe(fault);
});

test('a key that is taken gets a number', () => {
  expect(freeKey('chat', ['stage'])).toBe('chat');
  expect(freeKey('chat', ['chat', 'chat-2'])).toBe('chat-3');
});

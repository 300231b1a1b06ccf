// What an entry of the audit says has changed.
import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

test('only fields that differ are there, lists by what came and went', () => {
  expect(
    changesOf(
      { role: 'developer', name: 'Bo', features: ['messaging', 'voice_note'] },
      { role: 'admin', name: 'Bo', features: ['messaging', 'presence'] },
    ),
  ).toEqual([
    { field: 'role', kind: 'value', before: 'developer', after: 'admin' },
    { field: 'features', kind: 'list', added: ['presence'], removed: ['voice_note'] },
  ]);
});

test('an item that a list has twice came and went once', () => {
  expect(changesOf({ roles: ['nurse', 'nurse'] }, { roles: ['doctor', 'doctor'] })).toEqual([
    { field: 'roles', kind: 'list', added: ['doctor'], removed: ['nurse'] },
  ]);
});

test('a secret is said to be replaced, also where both states look alike', () => {
  expect(changesOf({ secret: { replaced: true } }, { secret: { replaced: true } })).toEqual([
    { field: 'secret', kind: 'secret' },
  ]);
});

test('an object that was made or removed shows its fields', () => {
  expect(changesOf(undefined, { label: 'Nurse app', limit: 0 })).toEqual([
    { field: 'label', kind: 'value', before: undefined, after: 'Nurse app' },
    { field: 'limit', kind: 'value', before: undefined, after: '0' },
  ]);
  expect(changesOf({ label: 'Nurse app' }, undefined)).toEqual([
    { field: 'label', kind: 'value', before: 'Nurse app', after: undefined },
  ]);
});

test('a field named like a part of every object is a field', () => {
  expect(
    changesOf(JSON.parse('{"__proto__":"a"}') as object as never, JSON.parse('{"__proto__":"b"}') as never),
  ).toEqual([{ field: '__proto__', kind: 'value', before: 'a', after: 'b' }]);
});

import { expect, test } from 'vitest';
import type { Page } from '#lib/api/shapes.ts';
import {
  applied,
  changed,
  changesOf,
  chosen,
  countChanges,
  isChanged,
  rebased,
  removed,
  switched,
  toChanges,
  withEdit,
  type Edits,
} from './page-draft.ts';
import { newContent } from './policy-fields.ts';

const page = (pattern: string, features: string[], more: Partial<Page> = {}): Page => ({
  ...{ pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat', features },
  ...{ version: 3, changedBy: 'Li', changedAt: '2026-01-01T00:00:00.000Z', managed: false },
  ...more,
});
const chat = page('/chat', ['messaging', 'voice_note']);
const none: Edits = new Map();
const edit = (edits: Edits, of: Page, feature: string) => withEdit(edits, of.pattern, switched(edits, of, feature));

test('what is switched there and back is no change, and the order of the features stays', () => {
  const off = edit(none, chat, 'messaging');
  expect(toChanges(off)).toMatchObject([{ op: 'put', ifVersion: 3, policy: { features: ['voice_note'] } }]);
  expect(edit(off, chat, 'messaging').size).toBe(0);
  expect(toChanges(edit(none, chat, 'debug'))).toMatchObject([
    { policy: { features: ['messaging', 'voice_note', 'debug'] } },
  ]);
});

test('each feature and each field counts, a page that is made or goes as one', () => {
  let edits = edit(none, chat, 'voice_note');
  edits = withEdit(edits, '/chat', changed(edits, chat, { connectionType: 'care', requireAuth: false }));
  expect(countChanges(edits)).toBe(3);
  edits = withEdit(edits, '/shop', removed(edits, page('/shop', [])));
  edits = withEdit(edits, '/new', { base: undefined, next: newContent });
  expect(countChanges(edits)).toBe(5);
  expect(isChanged(edits.get('/chat'), 'feature voice_note')).toBe(true);
  expect(isChanged(edits.get('/chat'), 'feature messaging')).toBe(false);
  expect(toChanges(edits).map(({ op }) => op)).toEqual(['put', 'remove', 'put']);
  expect(applied([chat, page('/shop', [])], edits).map(({ pattern, version }) => [pattern, version])).toEqual([
    ['/chat', 3],
    ['/new', 0],
  ]);
});

test('optional rules that come or go are changes', () => {
  expect(changesOf(chat, { ...chat, topics: ['ward-*'] })).toEqual(['topics']);
  expect(changesOf({ ...chat, requireRoles: ['nurse'] }, chat)).toEqual(['requireRoles']);
  expect(changesOf({ ...chat, topics: ['a'] }, { ...chat, topics: ['a'] })).toEqual([]);
});

test('what others changed elsewhere on the page is taken over, without a question', () => {
  const edits = edit(none, chat, 'voice_note');
  const others = { version: 5, connectionType: 'care', topics: ['ward-*'] };
  const now = page('/chat', ['messaging', 'voice_note', 'debug'], others);
  const { edits: after, collisions, taken } = rebased(edits, [now]);
  expect(collisions).toEqual([]);
  expect(taken).toEqual(['/chat topics', '/chat connectionType', '/chat feature debug']);
  expect(toChanges(after)).toMatchObject([
    { ifVersion: 5, policy: { features: ['messaging', 'debug'], connectionType: 'care', topics: ['ward-*'] } },
  ]);
});

test('two who did the same have nothing left to do', () => {
  const { edits, collisions } = rebased(edit(none, chat, 'voice_note'), [page('/chat', ['messaging'], { version: 4 })]);
  expect([edits.size, collisions]).toEqual([0, []]);
});

test('where both changed one field to different ends, a person chooses', () => {
  const mine = withEdit(none, '/chat', changed(none, chat, { connectionType: 'mine' }));
  const theirs = page('/chat', chat.features, { version: 4, connectionType: 'theirs' });
  const { edits, collisions } = rebased(mine, [theirs]);
  expect(collisions).toEqual([
    { pattern: '/chat', field: 'connectionType', then: 'chat', theirs: 'theirs', yours: 'mine' },
  ]);
  expect(toChanges(edits)).toMatchObject([{ ifVersion: 4, policy: { connectionType: 'mine' } }]);
  expect(chosen(edits, collisions).size).toBe(0);
  expect(toChanges(chosen(edits, []))).toMatchObject([{ policy: { connectionType: 'mine' } }]);
});

test('a page that somebody took away, or made first, is a question as a whole', () => {
  const gone = rebased(edit(none, chat, 'voice_note'), []);
  expect(gone.collisions).toMatchObject([{ pattern: '/chat', field: 'page', theirs: undefined }]);
  expect(toChanges(gone.edits)).toMatchObject([{ op: 'put', ifVersion: 0 }]);
  expect(chosen(gone.edits, gone.collisions).size).toBe(0);
  const made: Edits = new Map([['/new', { base: undefined, next: newContent }]]);
  expect(rebased(made, [page('/new', ['debug'])]).collisions).toHaveLength(1);
  const took = withEdit(none, '/chat', removed(none, chat));
  expect(rebased(took, []).edits.get('/chat')).toBeUndefined();
  expect(rebased(took, [page('/chat', ['debug'], { version: 9 })]).collisions).toHaveLength(1);
});

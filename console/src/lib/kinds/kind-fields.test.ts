import { kindSchema } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { contentOfFields, fieldsOf, newKind, type KindContent } from './kind-fields.ts';

const kinds: KindContent[] = [
  newKind,
  { action: 'lab_result', audience: 'conversation', durable: 'inbox', policy: { priority: 'high', push: 'always' } },
  { action: 'news', audience: 'everyone', durable: false, policy: { realtime: ['mobile', 'desktop'], push: 'never' } },
  {
    ...{ action: 'alarm', audience: 'users', durable: 'inbox', feature: 'labs' },
    policy: {
      pushTo: ['mobile', 'tablet'],
      waitMs: 0,
      ttlSeconds: 60,
      collapseKey: 'alarm',
      respectPreferences: false,
    },
    sentBy: { backEnds: false, hooks: true, users: ['nurse', 'doctor'] },
  },
  { action: 'a', audience: 'inbox', durable: 'inbox', policy: { push: 'undelivered', realtime: 'all' } },
  { ...newKind, action: 'a', sentBy: { backEnds: true, hooks: true, users: false } },
];

test.each(kinds)('a kind that nothing is changed of stays what it is: $action', (kind) => {
  expect(contentOfFields(fieldsOf('own', kind), kind)).toEqual(kind);
});

test('what holds by default is not written down, and what differs is', () => {
  const fields = {
    ...fieldsOf('own', newKind),
    action: ' lab ',
    priority: 'high' as const,
    users: 'everybody' as const,
  };
  const content = contentOfFields(fields);
  expect(content).toEqual({
    ...{ action: 'lab', audience: 'users', durable: 'inbox', policy: { priority: 'high' } },
    sentBy: { backEnds: true, hooks: true, users: true },
  });
  expect(kindSchema.safeParse({ ...content, kind: 'own' }).success).toBe(true);
});

test('what goes to a topic is kept nowhere, whatever was chosen before', () => {
  expect(contentOfFields({ ...fieldsOf('own', newKind), audience: 'topic' }).durable).toBe(false);
});

import { broadcastRequestSchema } from '@belfry/protocol';
import { expect, test } from 'vitest';
import type { BuiltInKind, OwnKind } from '#lib/api/shapes.ts';
import { contentFields, kindChoices, requestOf, usersIn, type Composed } from './request.ts';

const empty: Composed = {
  ...{ kind: 'direct', form: 'users', users: [], conversation: '', topic: '', sender: '' },
  ...{ deviceTypes: [], connectionTypes: '', messageType: 'text', content: {} },
};
const row = { hours: [], policy: {}, sentBy: { backEnds: true, hooks: true, users: false } };
const builtIn = [
  { ...row, kind: 'message', action: 'new_message', audience: ['conversation'], carries: 'message', needsSender: true },
  { ...row, kind: 'typing', action: 'typing_status', audience: ['conversation'], carries: 'typing', needsSender: true },
  { ...row, kind: 'direct', action: 'direct_message', audience: ['users'], carries: 'notice', needsSender: false },
].map((each) => ({ ...each, durable: 'inbox' }) as BuiltInKind);
const own = [
  { ...row, kind: 'lab', action: 'lab', audience: 'inbox' },
  { ...row, kind: 'news', action: 'news', audience: 'topic' },
].map((each) => ({ ...each, durable: 'inbox', version: 1, managed: false, hooks: [] }) as OwnKind);
const choices = kindChoices({ kinds: own, builtIn });
const choice = (kind: string) => choices.find((each) => each.kind === kind);
const textType = {
  ...{ type: 'text', name: 'Text', maxBytes: 1000 },
  schema: { type: 'object', properties: { text: { type: 'string', maxLength: 1000 } }, required: ['text'] },
};

test('kinds are offered with the audiences that they take, those of clients not at all', () => {
  expect(choices.map(({ kind, audience }) => [kind, ...audience])).toEqual([
    ['lab', 'users', 'conversation'],
    ['news', 'topic'],
    ['message', 'conversation'],
    ['direct', 'users'],
  ]);
});

test('what is missing is said, and nothing is asked before', () => {
  const direct = choice('direct');
  const fields = contentFields(direct, undefined);
  expect(requestOf(empty, direct, fields)).toEqual({ missing: ['content', 'users'] });
  expect(requestOf({ ...empty, content: { title: 'T' } }, direct, fields)).toEqual({ missing: ['users'] });
  const message = choice('message');
  const composed = { ...empty, form: 'conversation' as const, conversation: 'c1', content: { text: '' } };
  expect(requestOf(composed, message, contentFields(message, textType))).toEqual({ missing: ['content', 'sender'] });
  expect(requestOf(empty, undefined, undefined)).toMatchObject({ missing: ['kind', 'content', 'users'] });
});

test('a notice and a message become requests that the server takes', () => {
  const direct = choice('direct');
  const notice = {
    ...empty,
    users: ['ann', 'ben'],
    content: { title: 'T', body: '' },
    deviceTypes: ['mobile'] as const,
  };
  const message = choice('message');
  const text = {
    ...empty,
    form: 'conversation' as const,
    conversation: ' c1 ',
    sender: 'ann',
    content: { text: 'Hi' },
  };
  const made = [
    requestOf({ ...notice, connectionTypes: 'chat, admin' }, direct, contentFields(direct, undefined)),
    requestOf(text, message, contentFields(message, textType)),
    requestOf({ ...empty, form: 'everyone', content: { title: 'T' } }, direct, contentFields(direct, undefined)),
  ].map((each) => ('request' in each ? each.request : each));
  expect(made).toEqual([
    {
      ...{ kind: 'direct', data: { title: 'T' } },
      audience: { users: ['ann', 'ben'], deviceTypes: ['mobile'], connectionTypes: ['chat', 'admin'] },
    },
    {
      kind: 'message',
      data: { type: 'text', content: { text: 'Hi' } },
      audience: { conversation: 'c1' },
      sender: 'ann',
    },
    { kind: 'direct', data: { title: 'T' }, audience: { everyone: true } },
  ]);
  for (const request of made) expect(broadcastRequestSchema.safeParse(request).success).toBe(true);
});

test('a list of users is read as it comes: lines of a spreadsheet, or one line with commas', () => {
  expect(usersIn('ann\nben, the second\r\n\nann\tcarl ')).toEqual(['ann', 'ben, the second', 'carl']);
  expect(usersIn('ann, ben;carl')).toEqual(['ann', 'ben', 'carl']);
  expect(usersIn('ann@example.org ')).toEqual(['ann@example.org']);
  expect(usersIn(' \n ')).toEqual([]);
});

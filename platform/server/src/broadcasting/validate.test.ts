// Kinds and the first stage: the broadcast that a request becomes, and each way it is refused.

import type { BroadcastRequest } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { createTestMessaging, messageType, textRequest } from '../../test/support/messaging.ts';
import type { AppId } from '../ports/app-id.ts';
import { createUploadReferences } from '../uploads/references.ts';
import { builtInKindRows } from './kinds.ts';
import { Validator, type Origin } from './validate.ts';

async function setUp(audienceUsers = 10_000) {
  const messaging = createTestMessaging();
  const node = messaging.node('n1');
  const uploads = createUploadReferences({ store: messaging.stores.uploads, clock: messaging.clock });
  const validator = new Validator({ kinds: node.kinds, messageType, uploads, limits: { audienceUsers } });
  return {
    ...messaging,
    ...node,
    validate: (app: AppId, request: BroadcastRequest, origin: Origin) => validator.validate(app, request, origin),
    nurse: await node.connect('n'),
  };
}

const byKey = { via: 'http-key' as const };
const c1 = { conversation: 'c1' };
const notice = { kind: 'system_notification', audience: c1, data: { title: 'T' } };

describe('the kinds', () => {
  const table = {
    message: 'new_message conversation conversation other_connections all undelivered all',
    consultation_reply:
      'consultation_reply conversation conversation other_connections all undelivered mobile,tablet,desktop',
    mobile_notification: 'mobile_notification conversation,users inbox like_anybody mobile undelivered mobile',
    typing: 'typing_status conversation false nothing all never all',
    read: 'read_status conversation false nothing all never all',
    system_notification: 'system_notification conversation,users audience like_anybody all undelivered all',
    direct: 'direct_message users inbox like_anybody all undelivered all',
    announcement: 'announcement topic,everyone false like_anybody all never all',
  };

  test('are those of the table in docs/delivery.md where they are built in', async () => {
    const rows = builtInKindRows.map(({ kind, action, audience, durable, sender, policy }) => {
      const { realtime = 'all', push, pushTo = 'all' } = policy;
      return [kind, [action, audience, durable, sender, realtime, push, pushTo].join(' ')];
    });
    expect(Object.fromEntries(rows)).toEqual(table);
  });

  test('of a tenant that are named in the provision file are changed by nobody else', async () => {
    const { app, kinds } = await setUp();
    const lab = { kind: 'lab', action: 'lab', audience: 'users' as const, durable: 'inbox' as const, policy: {} };
    await kinds.put(app, lab);
    kinds.manage(app, ['lab']);
    const managed = expect.objectContaining({ code: 'managed_by_file' });
    await expect(kinds.put(app, { ...lab, action: 'other' })).rejects.toEqual(managed);
    await expect(kinds.remove(app, 'lab')).rejects.toEqual(managed);
    await kinds.put(app, { ...lab, kind: 'imaging' });
    expect(await kinds.list(app)).toMatchObject([{ kind: 'imaging' }, { action: 'lab' }]);
  });

  test('of a tenant get a new version by a change alone, and none against a check', async () => {
    const { app, kinds } = await setUp();
    const lab = { kind: 'lab', action: 'lab', audience: 'users' as const, durable: 'inbox' as const, policy: {} };
    await kinds.put(app, lab);
    expect(await kinds.put(app, lab)).toMatchObject({ before: { version: 1 }, after: { version: 1 } });
    const refuse = () => {
      throw new Error('seen another');
    };
    await expect(kinds.put(app, { ...lab, action: 'other' }, refuse)).rejects.toThrow('seen another');
    await expect(kinds.remove(app, 'lab', refuse)).rejects.toThrow('seen another');
    expect(await kinds.versions(app)).toMatchObject([{ action: 'lab', version: 1 }]);
  });

  test('of a tenant are found, changed and taken away, on every node', async () => {
    const { app, kinds, clock, node } = await setUp();
    const other = node('n2').kinds;
    expect(await other.find(app, 'lab')).toBeUndefined();
    const lab = {
      kind: 'lab',
      action: 'lab_result',
      audience: 'users' as const,
      durable: 'inbox' as const,
      feature: 'labs',
    };
    await kinds.put(app, { ...lab, policy: { priority: 'high' } });
    await clock.advance(0);
    for (const each of [kinds, other]) {
      expect(await each.find(app, 'lab')).toMatchObject({
        action: 'lab_result',
        audience: ['conversation', 'users'],
        durable: 'inbox',
        feature: 'labs',
        carries: 'anything',
        policy: { priority: 'high' },
      });
    }
    expect(await kinds.remove(app, 'lab')).toMatchObject({ kind: 'lab', version: 1 });
    await clock.advance(0);
    for (const each of [kinds, other]) expect(await each.find(app, 'lab')).toBeUndefined();
  });

  test.each([
    ['topic', 'conversation', ['topic'], false],
    ['everyone', false, ['everyone'], false],
    ['conversation', 'conversation', ['conversation', 'users'], 'audience'],
    ['inbox', false, ['conversation', 'users'], false],
    ['users', 'inbox', ['conversation', 'users'], 'inbox'],
  ] as const)('of a tenant for %s kept in %s take %o and are kept in %s', async (audience, durable, forms, kept) => {
    const { app, kinds } = await setUp();
    await kinds.put(app, { kind: 'lab', action: 'lab', audience, durable, policy: {} });
    expect(await kinds.find(app, 'lab')).toMatchObject({ audience: forms, durable: kept });
  });
});

describe('a request is refused', () => {
  const text = textRequest('c1', 'alice');
  const withData = (data: Record<string, unknown>): BroadcastRequest => ({ ...text, data });
  test.each<[string, BroadcastRequest, (string | number)[] | undefined]>([
    ['unknown_kind', { ...text, kind: 'nope' }, ['kind']],
    ['invalid_body', { data: {}, audience: c1 }, ['kind']],
    ['invalid_body', { ...text, audience: { users: ['bob'] } }, ['audience']],
    ['invalid_body', { ...notice, audience: { topic: 't' } }, ['audience']],
    ['invalid_body', { kind: 'direct', audience: c1, data: {} }, ['audience']],
    ['invalid_body', { kind: 'announcement', audience: { users: ['bob'] }, data: {} }, ['audience']],
    [
      'invalid_body',
      { kind: 'announcement', audience: { everyone: true }, data: {}, targetUserIds: ['bob'] },
      ['targetUserIds'],
    ],
    ['invalid_body', { kind: 'message', audience: c1, data: text.data }, ['sender']],
    ['invalid_body', { ...text, sender: 'visitor:1' }, ['sender']],
    ['unknown_message_type', withData({ type: 'nope', content: {} }), ['type']],
    ['unknown_message_type', withData({ content: {} }), ['type']],
    ['invalid_content', withData({ type: 'text', content: { text: 7 } }), ['content', 'text']],
    ['invalid_content', withData({ type: 'text' }), ['content']],
    ['too_large', withData({ type: 'text', content: { text: 'x'.repeat(1000) } }), ['content']],
    ['invalid_content', withData({ type: 'chart', content: { points: [] } }), ['content']],
    ['invalid_body', withData({ ...text.data, mentions: [{}] }), ['mentions', 0]],
    ['invalid_body', withData({ ...text.data, replyTo: 'x' }), ['replyTo']],
    ['invalid_content', { ...notice, data: { title: 7 } }, ['data', 'title']],
    ['invalid_content', { ...notice, data: { body: {} } }, ['data', 'body']],
    ['too_large', { ...notice, data: { more: 'x'.repeat(33_000) } }, ['data']],
    ['invalid_content', { kind: 'typing', audience: c1, sender: 'alice', data: {} }, ['data', 'isTyping']],
    ['invalid_content', { kind: 'read', audience: c1, sender: 'alice', data: { seq: -1 } }, ['data', 'seq']],
  ])('as %s: %o', async (code, request, path) => {
    const { app, validate } = await setUp();
    await expect(validate(app, request, byKey)).rejects.toMatchObject({ code, path });
  });

  test.each([
    [{ ...text, kind: 'nope' }, 'There is no kind nope.'],
    [withData({ type: 'nope', content: {} }), 'There is no message type nope.'],
    [withData({ type: '<b>', content: {} }), 'There is no such message type.'],
  ])('by the name of what there is not, unless that is none: %o', async (request, message) => {
    const { app, validate } = await setUp();
    await expect(validate(app, request, byKey)).rejects.toMatchObject({ message });
  });

  test.each<[string, Partial<BroadcastRequest>, string[]]>([
    ['users', { audience: { users: ['a', 'b', 'c'] } }, ['audience', 'users']],
    ['targets', { targetUserIds: ['a', 'b', 'c'] }, ['targetUserIds']],
    ['excluded users', { exclude: ['a', 'b', 'c'] }, ['exclude']],
  ])('as too_many when it names more %s than the limit', async (_what, change, path) => {
    const { app, validate } = await setUp(2);
    await expect(validate(app, { ...notice, ...change }, byKey)).rejects.toMatchObject({ code: 'too_many', path });
    const { validate: withRoom } = await setUp(3);
    await expect(withRoom(app, { ...notice, ...change }, byKey)).resolves.toMatchObject({ row: { kind: notice.kind } });
  });

  test.each([
    ['voice', { url: 'u' }, 'voice_note'],
    ['chart', { points: [] }, 'charts'],
  ])('when the page of the connection lacks what a %s needs', async (type, content, feature) => {
    const { app, validate, connect } = await setUp();
    const request = { ...text, data: { type, content } };
    const session = await connect('alice');
    const roles = ['nurse'];
    const refused = { code: 'feature_disabled', message: `This page has no ${feature}.` };
    await expect(validate(app, request, { via: 'socket', session, roles })).rejects.toMatchObject(refused);
    const able = await connect('alice', { features: ['messaging', feature] });
    await expect(validate(app, request, { via: 'socket', session: able, roles })).resolves.toMatchObject({
      senderId: 'alice',
    });
    await expect(validate(app, request, { via: 'http-key', roles })).resolves.toMatchObject({ senderId: 'alice' });
  });
});

describe('a request becomes', () => {
  test('a message whose content is what its type made of it', async () => {
    const { app, validate } = await setUp();
    const request = textRequest('c1', 'alice');
    const data = { type: 'text', content: { text: 'hi', more: 1 }, mentions: ['bob'], other: 2 };
    const valid = await validate(app, { ...request, data }, byKey);
    expect(valid.data).toEqual({ type: 'text', content: { text: 'hi' }, mentions: ['bob'] });
    expect(valid.cid).toBe(valid.id);
    expect(await validate(app, { ...request, idempotencyKey: 'k' }, byKey)).toMatchObject({ cid: 'k' });
  });

  test('a policy: the defaults, what the kind says, narrowed by the audience', async () => {
    const { app, validate } = await setUp();
    expect((await validate(app, notice, byKey)).policy).toEqual({
      realtime: 'all',
      push: 'undelivered',
      pushTo: 'all',
      ttlSeconds: 86_400,
      priority: 'normal',
      respectPreferences: true,
    });
    const of = async (kind: string, filter: object) =>
      (await validate(app, { kind, audience: { ...c1, ...filter }, data: {} }, byKey)).policy;
    expect(await of('system_notification', { deviceTypes: ['tablet'] })).toMatchObject({ realtime: ['tablet'] });
    expect(await of('mobile_notification', { deviceTypes: ['tablet', 'mobile'] })).toMatchObject({
      realtime: ['mobile'],
    });
    expect(await of('mobile_notification', { deviceTypes: ['desktop'] })).toMatchObject({ realtime: 'none' });
    expect(await of('mobile_notification', {})).toMatchObject({ priority: 'high', pushTo: ['mobile'] });
    expect(await of('system_notification', { connectionTypes: ['chat'] })).toMatchObject({ connectionTypes: ['chat'] });
  });

  test('under an action with a policy of its own: kept where a push may have to find it', async () => {
    const { app, validate } = await setUp();
    const policy = {
      ...{ realtime: 'all' as const, push: 'undelivered' as const, pushTo: 'all' as const },
      ...{ ttlSeconds: 60, priority: 'low' as const, respectPreferences: false },
    };
    const of = async (audience: BroadcastRequest['audience'], push: 'never' | 'undelivered' = 'undelivered') => {
      const valid = await validate(app, { action: 'lab', policy: { ...policy, push }, audience, data: {} }, byKey);
      return [valid.row.durable, valid.policy.push];
    };
    expect(await of(c1)).toEqual(['audience', 'undelivered']);
    expect(await of({ users: ['bob'] })).toEqual(['audience', 'undelivered']);
    expect(await of(c1, 'never')).toEqual([false, 'never']);
    // The users who happen to be connected have no log, and so no cursor to decide a push by.
    expect(await of({ topic: 't' })).toEqual([false, 'never']);
    expect(await of({ everyone: true })).toEqual([false, 'never']);
  });

  test('a hash that is the same for the same request, whatever the order of its keys', async () => {
    const { app, validate } = await setUp();
    const hash = async (change: object) => (await validate(app, { ...notice, ...change }, byKey)).bodyHash;
    const data = { title: 'T', more: { a: 1, b: 2 } };
    expect(await hash({ data })).toBe(await hash({ data: { more: { b: 2, a: 1 }, title: 'T' } }));
    expect(await hash({ data })).not.toBe(await hash({ data: { ...data, title: 'U' } }));
    expect(await hash({ data })).not.toBe(await hash({ data, exclude: ['bob'] }));
    expect(await hash({ data, idempotencyKey: 'a' })).toBe(await hash({ data, idempotencyKey: 'b' }));
  });
});

// How a connection becomes a session, and what it may change about itself.

import { commands } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { chat, createTestCommands, expiresAtMs, news, refused } from '../../test/support/commands.ts';
import { textRequest, type TestSession } from '../../test/support/messaging.ts';
import { page } from '../sessions/test/sessions.fixture.ts';
import { CloseConnection } from './close-connection.ts';

describe('connect', () => {
  test('makes a session of what token, page and client say', async () => {
    const { connect, registry, app, clock } = await createTestCommands();
    const { session, answer } = await connect({
      token: 'ok:alice:news',
      device: { id: 'd-1', type: 'mobile', platform: 'ios' },
      visible: false,
    });
    expect(commands.connect.answer.parse(answer)).toEqual({
      connectionId: session.id,
      userId: 'alice',
      page: expect.objectContaining({ pattern: '/chat', features: chat.policy.features }),
      heartbeatIntervalMs: 45_000,
      ackWithinMs: 1000,
      serverTime: new Date(clock.now()).toISOString(),
      resumed: [],
    });
    expect(session).toMatchObject({
      ...{ app, userId: 'alice', visitor: false, visible: false, tokenExpiresAtMs: expiresAtMs, tokenTopics: ['news'] },
      profile: { name: 'ALICE', roles: ['nurse'] },
      device: { type: 'mobile', platform: 'ios' },
    });
    expect(registry.byId(session.id)).toBe(session);
  });

  test.each([
    [0, 150],
    [2000, 400],
    [60_000, 1000],
  ])('where a push waits %i ms, acknowledgements may be gathered %i ms', async (waitMs, ackWithinMs) => {
    const { connect } = await createTestCommands({ waitMs });
    expect((await connect({ token: 'ok:alice' })).answer).toMatchObject({ ackWithinMs });
  });

  test.each([
    ['bad', {}, 'bad_token', 'bad_token'],
    ['token_expired', {}, 'bad_token', 'token_expired'],
    ['signed_out', {}, 'signed_out', 'bad_token'],
    [undefined, {}, 'bad_token', 'unauthorized'],
    ['ok:alice', { page: '/off' }, 'page_disabled', 'page_disabled'],
    ['ok:alice', { page: '/none' }, 'page_disabled', 'page_disabled'],
    ['bad', { page: '/news' }, 'bad_token', 'bad_token'],
    ['ok:alice', { page: '/board' }, 'page_disabled', 'forbidden'],
    [undefined, { page: '/board' }, 'bad_token', 'unauthorized'],
  ])('with the token %s and %o ends the connection as %s, and says %s', async (token, data, closeName, code) => {
    const { connect, registry } = await createTestCommands();
    const error = await connect({ ...(token === undefined ? {} : { token }), ...data }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CloseConnection);
    expect(error).toMatchObject({ closeName, cause: { code } });
    expect(registry.size).toBe(0);
  });

  test('without a token makes a visitor, where the page lets one', async () => {
    const { connect } = await createTestCommands();
    const { session, answer } = await connect({ page: '/news' });
    expect(answer.userId).toMatch(/^visitor:/);
    expect(session).toMatchObject({ visitor: true, tokenExpiresAtMs: undefined });
  });

  test('of one connection too many of a user ends it as connection_limit, and says too_many', async () => {
    const { connect, registry, app } = await createTestCommands({ perUser: 1 });
    await connect({ token: 'ok:alice' });
    const device = { id: 'another', type: 'desktop' };
    const refusal = { closeName: 'connection_limit', cause: { code: 'too_many' } };
    await expect(connect({ token: 'ok:alice', device })).rejects.toMatchObject(refusal);
    expect(registry.ofUser(app, 'alice')).toHaveLength(1);
  });

  test('of visitors leaves the last tenth of the app’s connections to users', async () => {
    const { connect } = await createTestCommands();
    for (let visitors = 0; visitors < 9; visitors += 1) await connect({ page: '/news' });
    const refusal = { closeName: 'connection_limit', cause: { code: 'too_many' } };
    await expect(connect({ page: '/news' })).rejects.toMatchObject(refusal);
    await connect({ token: 'ok:alice' });
  });

  test('resumes: what was missed follows the answer', async () => {
    const { connect, broadcasting, app, settled } = await createTestCommands();
    for (let index = 0; index < 3; index += 1)
      await broadcasting.carry(app, textRequest('c1', 'alice'), { via: 'http-key' });
    const resumption = [{ stream: 'c:c1', epoch: 'e1', seq: 1 }];
    const { session, answer, after } = await connect({ token: 'ok:bob', resume: resumption });
    const { outlet } = session as TestSession;
    expect(answer.resumed).toEqual([{ stream: 'c:c1', epoch: 'e1', from: 2, to: 3 }]);
    await broadcasting.carry(app, textRequest('c1', 'alice'), { via: 'http-key' });
    expect(outlet.events).toEqual([]);
    after?.();
    await settled();
    expect(outlet.told('c:c1')).toEqual([2, 3, 4]);
  });

  test('with too many streams may be tried again', async () => {
    const { connect, registry } = await createTestCommands();
    const resumption = Array.from({ length: 1001 }, () => ({ stream: 'c:c1', epoch: 'e1', seq: 1 }));
    await expect(connect({ token: 'ok:bob', resume: resumption })).rejects.toMatchObject(
      refused('too_many', { path: ['resume'] }),
    );
    expect(registry.size).toBe(0);
  });

  test('to a page that is switched off meanwhile does not slip through', async () => {
    const { connect, change, stores, registry } = await createTestCommands();
    const { heads } = stores.messages;
    stores.messages.heads = async (...args) => {
      change(page('/chat', [], { enabled: false, version: 2 }));
      return await heads(...args);
    };
    await expect(connect({ token: 'ok:bob' })).rejects.toMatchObject({ closeName: 'page_disabled' });
    expect(registry.size).toBe(0);
  });
});

describe('auth', () => {
  test('renews the token, and takes away the topics that the new one does not name', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice:news', page: '/bare' });
    await run(session, 'subscribe', { topic: 'news' });
    session.tokenExpiresAtMs = 0;
    expect(await run(session, 'auth', { token: 'ok:alice' })).toEqual({
      userId: 'alice',
      expiresAt: new Date(expiresAtMs).toISOString(),
    });
    expect(session).toMatchObject({ tokenExpiresAtMs: expiresAtMs, tokenTopics: [], topics: new Set() });
  });

  test.each([
    ['ok:bob', 'forbidden'],
    ['bad', 'bad_token'],
    ['token_expired', 'token_expired'],
    ['signed_out', 'bad_token'],
  ])('with %s is %s, and leaves the token that is', async (token, code) => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    session.tokenExpiresAtMs = 7;
    await expect(run(session, 'auth', { token })).rejects.toMatchObject(refused(code, { path: ['token'] }));
    expect(session.tokenExpiresAtMs).toBe(7);
  });

  test('without a role that the page wants ends the connection, once it has its answer', async () => {
    const { connected, reply } = await createTestCommands();
    const session = await connected({ token: 'ok:alice', page: '/wards' });
    const { answer, after } = await reply(session, 'auth', { token: 'ok:alice::visitor' });
    expect(answer).toMatchObject({ userId: 'alice' });
    expect(session.outlet.closedWith).toBeUndefined();
    after?.();
    expect(session.outlet.closedWith).toBe('page_disabled');
  });

  test('with another role that the page wants keeps the connection', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice', page: '/wards' });
    await run(session, 'auth', { token: 'ok:alice::doctor' });
    expect(session.outlet.closedWith).toBeUndefined();
  });

  test('makes no user of a visitor', async () => {
    const { connected, run } = await createTestCommands();
    await expect(run(await connected({ page: '/news' }), 'auth', { token: 'ok:alice' })).rejects.toMatchObject(
      refused('forbidden'),
    );
  });
});

describe('page', () => {
  test('takes the new page’s policy, and drops topics that it does not allow', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice', page: '/news' });
    await run(session, 'subscribe', { topic: 'news' });
    expect(await run(session, 'page', { page: '/chat' })).toMatchObject({ page: { pattern: '/chat' } });
    expect(session.page).toBe(chat);
    expect(session.topics.size).toBe(0);
  });

  test('of users with a role is refused to others, who keep the policy they have', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    await expect(run(session, 'page', { page: '/board' })).rejects.toMatchObject(
      refused('forbidden', { path: ['page'] }),
    );
    expect(session.page).toBe(chat);
    expect(await run(session, 'page', { page: '/wards' })).toMatchObject({ page: { pattern: '/wards' } });
  });

  test('says to clients nothing of roles, topics and presence', async () => {
    const { connect } = await createTestCommands();
    const { answer } = await connect({ token: 'ok:alice', page: '/wards' });
    expect(Object.keys(answer.page).toSorted()).toEqual([
      'autoConnect',
      'connectionType',
      'enabled',
      'features',
      'pattern',
      'requireAuth',
      'version',
    ]);
  });

  test('says of a page without a WebSocket that it has none, and closes who stays there', async () => {
    const { connected, run, clock } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    expect(await run(session, 'page', { page: '/off' })).toMatchObject({ page: { enabled: false } });
    await expect(run(session, 'history', { conversationId: 'c1' })).rejects.toMatchObject(refused('feature_disabled'));
    await clock.advance(4999);
    expect(session.outlet.closedWith).toBeUndefined();
    await clock.advance(1);
    expect(session.outlet.closedWith).toBe('page_disabled');
  });

  test('lets who has moved on from such a page stay', async () => {
    const { connected, run, clock } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    await run(session, 'page', { page: '/off' });
    await run(session, 'page', { page: '/chat' });
    await clock.advance(10_000);
    expect(session.outlet.closedWith).toBeUndefined();
  });

  test('is not for a visitor when it wants a user', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ page: '/news' });
    await expect(run(session, 'page', { page: '/chat' })).rejects.toMatchObject(
      refused('unauthorized', { path: ['page'] }),
    );
    expect(session.page).toBe(news);
  });
});

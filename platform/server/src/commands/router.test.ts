// Which commands there are for whom, and how they end.

import { commands, isBelfryError, type CommandAction } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { createTestCommands, refused } from '../../test/support/commands.ts';

describe('the router', () => {
  test.each(['nope', 'connect', 'toString', '__proto__'])('does not know %s', async (action) => {
    const { connected, run, metrics } = await createTestCommands();
    await expect(run(await connected({ token: 'ok:alice' }), action)).rejects.toMatchObject(refused('unknown_action'));
    expect(metrics.value('commands_total', ['unknown', 'unknown_action'])).toBe(1);
  });

  test('says which feature a page lacks', async () => {
    const { connected, run, metrics } = await createTestCommands();
    const session = await connected({ token: 'ok:alice', page: '/bare' });
    const cases = [
      ['message', 'messaging'],
      ['typing', 'typing_indicator'],
      ['presence', 'presence or user_monitoring'],
    ] as const;
    for (const [action, feature] of cases) {
      await expect(run(session, action)).rejects.toMatchObject(
        refused('feature_disabled', { message: `This page has no ${feature}.` }),
      );
      expect(metrics.value('commands_total', [action, 'feature_disabled'])).toBe(1);
    }
  });

  test('lets a visitor send what is for visitors, and nothing else', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ page: '/news' });
    for (const [action, { visitor }] of Object.entries(commands)) {
      if (action === 'connect') continue;
      const outcome = await run(session, action as CommandAction).then(
        () => 'ok',
        (error: unknown) => (isBelfryError(error) ? error.code : String(error)),
      );
      expect([action, outcome === 'forbidden']).toEqual([action, !visitor]);
    }
  });

  test('says where data is wrong', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    const content = { conversationId: 'c1', cid: 'a', type: 'text', content: 7 };
    await expect(run(session, 'message', content)).rejects.toMatchObject(refused('bad_request', { path: ['content'] }));
    await expect(run(session, 'ack', { cursors: [{ stream: 'c:c1', seq: -1 }] })).rejects.toMatchObject(
      refused('bad_request', { path: ['cursors', 0, 'seq'] }),
    );
  });

  test('counts how commands end', async () => {
    const { connected, connect, run, metrics, stores } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    await run(session, 'heartbeat');
    await expect(connect({ token: 'bad' })).rejects.toThrow();
    stores.messages.read = async () => {
      throw new TypeError('a defect');
    };
    await expect(run(session, 'history', { conversationId: 'c1' })).rejects.toThrow(TypeError);
    const value = (action: string, outcome: string) => metrics.value('commands_total', [action, outcome]);
    expect([
      value('heartbeat', 'ok'),
      value('connect', 'ok'),
      value('connect', 'closed'),
      value('history', 'internal'),
    ]).toEqual([1, 1, 1, 1]);
  });
});

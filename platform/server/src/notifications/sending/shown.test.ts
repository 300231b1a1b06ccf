// A notification on a phone is taken away, or replaced by the rest, when its message is changed or its
// reader leaves. Over engines in memory.
import { describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../ports/stores/index.ts';
import { app, createWorld, now, scriptedProvider, startProcess, stream, type World } from '../test/push.fixture.ts';

type Can = 'clear' | 'collapse';
const text = (said: string): Partial<StoredMessage> => ({ data: { type: 'text', content: { text: said } } });

/** Two messages that bob was notified of, by a provider that can do these. */
async function shown(...can: Can[]): Promise<{ world: World; messages: [StoredMessage, StoredMessage] }> {
  const world = createWorld();
  await world.device();
  const clear = async (clearing: World['cleared'][number]) => {
    world.cleared.push(clearing);
    return { outcome: 'accepted' as const };
  };
  const supports = { collapse: can.includes('collapse'), clear: can.includes('clear') };
  const handle = scriptedProvider(world, 'hook', { supports, ...(supports.clear ? { clear } : {}) });
  world.providers.set('hook', handle);
  const { schedule } = await startProcess(world);
  const first = await world.append({ seq: 1, ...text('first') });
  const second = await world.append({ seq: 2, ...text('second') });
  for (const message of [first, second]) schedule(app, message, now);
  await world.clock.advance(100);
  expect(world.sent.splice(0)).toMatchObject([{ delivery: { notification: { body: 'second', count: 2 } } }]);
  return { world, messages: [first, second] };
}

async function change(world: World, message: StoredMessage, type: 'message.deleted' | 'message.edited'): Promise<void> {
  const atMs = world.clock.now();
  if (type === 'message.deleted') await world.stores.messages.remove(app, message, { data: {}, deletedAt: atMs });
  else
    await world.stores.messages.edit(app, message, {
      data: { ...message.data, ...text('edited').data },
      editedAt: atMs,
    });
  const { id: messageId, seq } = message;
  world.recorded.record(app, { type, atMs, messageId, conversationId: 'c1', stream, seq });
  await world.clock.advance(1000);
}

const bodiesOf = ({ sent }: World) =>
  sent.map(({ delivery: { notification } }) => [notification.body, notification.count, notification.priority]);

describe('a message that is deleted after it was shown', () => {
  it('is replaced, quietly and under the same key, by what is left to read', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    const { told } = world;
    await change(world, messages[1], 'message.deleted');
    expect(bodiesOf(world)).toEqual([['first', 1, 'low']]);
    expect(world.cleared).toEqual([]);
    expect(told().at(-1)).toBe('accepted_by_provider@1 device-1');
  });

  it('is cleared where nothing is left to read', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    await change(world, messages[1], 'message.deleted');
    world.sent.length = 0;
    await change(world, messages[0], 'message.deleted');
    expect(world.sent).toEqual([]);
    expect(world.cleared).toMatchObject([{ userId: 'bob', device: { id: 'device-1' } }]);
  });

  it('is cleared where the provider cannot replace, and left where it can neither', async () => {
    for (const [can, cleared] of [
      [['clear'], 1],
      [[], 0],
    ] as const) {
      const { world, messages } = await shown(...can);
      await change(world, messages[1], 'message.deleted');
      expect([world.sent, world.cleared.length]).toEqual([[], cleared]);
    }
  });

  it('concerns nobody who has read it', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, read: 2 }]);
    await change(world, messages[1], 'message.deleted');
    expect([world.sent, world.cleared]).toEqual([[], []]);
  });

  it('is tried again where the provider is busy, and cleared when that fails', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    world.answer = ({ attempt }) => (attempt === 1 ? { outcome: 'retry', reason: 'busy' } : { outcome: 'accepted' });
    await change(world, messages[1], 'message.deleted');
    await world.clock.advance(10_000);
    expect(bodiesOf(world).at(-1)).toEqual(['first', 1, 'low']);
    world.answer = () => ({ outcome: 'rejected', reason: 'payload', detail: 'no' });
    await change(world, messages[0], 'message.edited');
    expect(world.cleared).toHaveLength(1);
  });
});

describe('a message that is edited after it was shown', () => {
  it('is shown with its new text', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    await change(world, messages[1], 'message.edited');
    expect(bodiesOf(world)).toEqual([['edited', 2, 'low']]);
  });

  it('changes nothing where its text is not the one that is shown', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    await change(world, messages[0], 'message.edited');
    expect([world.sent, world.cleared]).toEqual([[], []]);
  });
});

describe('a reader who leaves', () => {
  it('is shown nothing of the conversation any more', async () => {
    const { world } = await shown('clear', 'collapse');
    world.left.add('bob');
    world.recorded.record(app, { type: 'participant.removed', atMs: 1, conversationId: 'c1', userId: 'bob' });
    await world.clock.advance(1000);
    expect(world.cleared).toMatchObject([{ userId: 'bob', device: { id: 'device-1' } }]);
  });

  it('takes along what was shown under a key of its own', async () => {
    const { world, messages } = await shown('clear', 'collapse');
    const own = await world.append({ seq: 3, policy: { ...messages[0].policy, collapseKey: 'own-key' } });
    await world.stores.cursors.claim(app, {
      ...{ stream, seq: own.seq, through: own.seq, userIds: ['bob'], claimId: 'c', heldBackBy: 'none' },
    });
    world.recorded.record(app, { type: 'participant.removed', atMs: 1, conversationId: 'c1', userId: 'bob' });
    await world.clock.advance(1000);
    expect(world.cleared.map(({ collapseKey }) => collapseKey)).toContain('own-key');
    expect(world.cleared).toHaveLength(2);
  });

  it('is shown nothing of a conversation that went, though its cursors went with it', async () => {
    const { world } = await shown('clear', 'collapse');
    await world.stores.conversations.remove(app, 'c1');
    world.recorded.record(app, {
      type: 'conversation.removed',
      atMs: 1,
      conversationId: 'c1',
      userIds: ['ann', 'bob'],
    });
    await world.clock.advance(1000);
    expect(world.cleared).toMatchObject([{ userId: 'bob' }]);
  });
});

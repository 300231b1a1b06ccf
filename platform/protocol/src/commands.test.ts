// Commands and events are declared completely, and accept what the transcripts show.
import { describe, expect, it } from 'vitest';
import { commands, isCommandAction, maxResumeStreams } from './commands.ts';
import { eventData, isEventAction, serverEventSchema } from './events.ts';
import { commandFeature, eventFeatures } from './features.ts';
import { conversationListQuerySchema } from './http.ts';

const uuid = '019a0000-0000-7000-8000-000000000001';
const timestamp = '2026-01-01T00:00:00.000Z';

describe('the commands', () => {
  it('are those that have features declared, each with the same ones', () => {
    for (const [action, command] of Object.entries(commands)) {
      expect(isCommandAction(action) && commandFeature[action]).toBe(command.feature);
    }
    expect(Object.keys(commands)).toEqual(Object.keys(commandFeature));
    expect(isCommandAction('toString')).toBe(false);
  });

  it('which a visitor may send are six', () => {
    const open = Object.entries(commands).filter(([, command]) => command.visitor);
    expect(open.map(([action]) => action)).toEqual([
      'connect',
      'auth',
      'page',
      'heartbeat',
      'subscribe',
      'unsubscribe',
    ]);
  });

  it('ignore unknown fields', () => {
    expect(commands.typing.data.parse({ conversationId: 'c1', isTyping: true, mood: 'calm' })).toEqual({
      conversationId: 'c1',
      isTyping: true,
    });
  });
});

describe('connect', () => {
  const least = { page: '/chat', device: { id: 'd-1', type: 'desktop' } };

  it('needs a page and a device', () => {
    expect(commands.connect.data.parse(least)).toEqual({ ...least, visible: true });
    expect(commands.connect.data.safeParse({ page: '/chat' }).success).toBe(false);
    expect(commands.connect.data.safeParse({ ...least, device: { id: 'd', type: 'fridge' } }).success).toBe(false);
  });

  it('leaves it to the handler to refuse more streams than can be resumed, with a code of its own', () => {
    const resume = Array.from({ length: maxResumeStreams + 1 }, (_, index) => ({
      stream: `c:${index}`,
      epoch: 'e1',
      seq: 0,
    }));
    expect(commands.connect.data.safeParse({ ...least, resume }).success).toBe(true);
  });

  it('is answered with a range or a gap for each stream', () => {
    const { resumed } = commands.connect.answer.shape;
    const answer = [
      { stream: 'c:c1', from: 2, to: 5 },
      { stream: 'c:c2', gap: { from: 2, to: 900, reason: 'too_old' } },
    ];
    expect(resumed.parse(answer)).toEqual(answer);
  });
});

describe('other commands', () => {
  it('read takes a seq or messages, and not nothing', () => {
    expect(commands.read.data.safeParse({ conversationId: 'c1', seq: 1 }).success).toBe(true);
    expect(commands.read.data.safeParse({ conversationId: 'c1', messageIds: [uuid] }).success).toBe(true);
    expect(commands.read.data.safeParse({ conversationId: 'c1' }).success).toBe(false);
  });

  it('history gives 50 messages of one direction unless a limit is given', () => {
    expect(commands.history.data.parse({ conversationId: 'c1' }).limit).toBe(50);
    expect(commands.history.data.safeParse({ conversationId: 'c1', limit: 101 }).success).toBe(false);
    expect(commands.history.data.safeParse({ conversationId: 'c1', afterSeq: 1, beforeSeq: 9 }).success).toBe(false);
  });

  it('an operator object is no id', () => {
    expect(commands.history.data.safeParse({ conversationId: { $gt: '' } }).success).toBe(false);
  });
});

describe('the events', () => {
  it('are those that have features declared', () => {
    expect(Object.keys(eventData).toSorted()).toEqual(Object.keys(eventFeatures).toSorted());
    expect(isEventAction('lab_result')).toBe(false);
  });

  it('fit the envelope and their data', () => {
    const data = { messageId: uuid, senderId: 'alice', cid: 'a-1', type: 'text', content: { text: 'hello' } };
    const event = { action: 'new_message', conversationId: 'c1', stream: 'c:c1', seq: 1, timestamp, data };
    expect(serverEventSchema.parse(event)).toEqual(event);
    expect(eventData.new_message.parse(data)).toEqual(data);
  });

  it('of notices carry further fields on', () => {
    const data = { messageId: uuid, title: 'Maintenance', body: '23:00', type: 'maintenance' };
    expect(eventData.system_notification.parse(data)).toEqual(data);
  });
});

describe('the list of conversations', () => {
  const row = {
    ...{ id: 'c1', title: 'Team', stream: 'c:c1', epoch: 'e1', headSeq: 0, createdAt: timestamp },
    ...{ participants: [{ userId: 'bob', role: 'member' }], unreadCount: 0, cursors: { delivered: 0, read: 0 } },
  };
  const about = { conversationId: 'c1' };
  const people = { added: [{ userId: 'dave', role: 'member' }], removed: ['auth0|bob'], changed: [] };

  it.each([
    ['conversation_added', { conversation: row }, { conversation: { ...row, unreadCount: undefined } }],
    ['conversation_changed', { ...about, title: 'Renamed', participants: people }, { ...about, participants: {} }],
    ['conversation_removed', { ...about, reason: 'deleted' }, { ...about, reason: 'gone' }],
  ] as const)('changes by %s, for pages with messaging', (action, data, other) => {
    expect(eventData[action].safeParse(data).success).toBe(true);
    expect(eventData[action].safeParse(other).success).toBe(false);
    expect(eventFeatures[action]).toEqual(['messaging']);
  });

  it('is asked for by pages or by the ids of some rows, not by both', () => {
    const { data } = commands.conversations;
    expect(data.parse({ conversationIds: ['c1', 'c2'] })).toEqual({ conversationIds: ['c1', 'c2'], limit: 50 });
    expect(data.safeParse({ conversationIds: ['c1'], cursor: 'x' }).success).toBe(false);
    expect(data.safeParse({ conversationIds: [] }).success).toBe(false);
    expect(conversationListQuerySchema.parse({ conversationIds: 'c1,c2' }).conversationIds).toEqual(['c1', 'c2']);
    expect(conversationListQuerySchema.safeParse({ conversationIds: 'c1,c2', cursor: 'x' }).success).toBe(false);
    expect(conversationListQuerySchema.safeParse({ conversationIds: 'c1,' }).success).toBe(false);
  });
});

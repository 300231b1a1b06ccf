// The text of a notification: title, body, count and data, from messages, notices and the previews of their
// types.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sampleMessage } from '../../../test/support/samples.ts';
import { asAppId } from '../../ports/app-id.ts';
import { notificationOf } from './content.ts';

const app = asAppId('demo');

describe('content', () => {
  const parts = (change: Parameters<typeof sampleMessage>[0], preview?: () => unknown) => {
    const made = notificationOf({
      supports: {},
      app,
      userId: 'bob',
      owed: [sampleMessage(change)],
      device: {},
      senders: new Map([['carol', { userId: 'carol', name: 'Dr Carol' }]]),
      messageType: () => (preview === undefined ? undefined : { preview: preview as () => { body: string } }),
      nowMs: 0,
    });
    return { title: made.title, body: made.body };
  };
  const text = { type: 'text', content: { text: 'hi' } };

  it("takes the type's title where it gives one, but names the consultant", () => {
    const preview = () => ({ title: 'From the type', body: 'hi' });
    expect(parts({ seq: 1, senderId: 'carol', data: text }, preview)).toEqual({ title: 'From the type', body: 'hi' });
    expect(parts({ seq: 1, senderId: 'carol', kind: 'consultation_reply', data: text }, preview)).toEqual({
      title: 'Dr Carol',
      body: 'hi',
    });
  });

  it('names the consultant as the caller did, else by the name of the sender', () => {
    const named = (consultantName: unknown) =>
      parts({ seq: 1, senderId: 'carol', kind: 'consultation_reply', data: { ...text, consultantName } }).title;
    expect(named('Dr. Chen\u202E\n(cardiology)')).toBe('Dr. Chen (cardiology)');
    expect([named(undefined), named(7), named(' \u200B')]).toEqual(['Dr Carol', 'Dr Carol', 'Dr Carol']);
  });

  it('survives a type that throws, returns nonsense, or is gone', () => {
    const thrower = () => {
      throw new Error('defect');
    };
    expect(parts({ seq: 1, data: text }, thrower)).toEqual({ title: 'alice', body: 'hi' });
    expect(parts({ seq: 1, data: text }, () => ({ body: 7 }))).toEqual({ title: 'alice', body: 'hi' });
    expect(parts({ seq: 1, data: { type: 'image', content: {} } })).toEqual({ title: 'alice', body: '[image]' });
  });

  it('makes one visible line of the text of a message whose type is gone', () => {
    const data = { type: 'text', content: { text: 'two\n lines \u202Egpj.exe' } };
    expect(parts({ seq: 1, data })).toEqual({ title: 'alice', body: 'two lines gpj.exe' });
  });

  it('shows content of an older version as the type would have it now', () => {
    const upgrades: number[] = [];
    const made = (contentVersion: number | undefined, content: Record<string, unknown>) =>
      notificationOf({
        supports: {},
        app,
        userId: 'bob',
        owed: [
          {
            ...sampleMessage({ seq: 1, data: { type: 'text', content } }),
            ...(contentVersion === undefined ? {} : { contentVersion }),
          },
        ],
        device: {},
        senders: new Map(),
        messageType: () => ({
          version: 3,
          schema: z.object({ words: z.string() }),
          upgrade: (from, old) => {
            upgrades.push(from);
            return { words: (old as { text: string }).text };
          },
          preview: (given) => ({ body: `“${(given as { words: string }).words}”` }),
        }),
        nowMs: 0,
      }).body;
    expect(made(2, { text: 'old' })).toBe('“old”');
    expect(made(undefined, { text: 'oldest' })).toBe('“oldest”');
    expect(made(3, { words: 'new' })).toBe('“new”');
    expect(upgrades).toEqual([2, 1]);
  });

  it("shows a notice's own words, and passes its further fields on", () => {
    const { senderId: _, ...notice } = sampleMessage({
      seq: 3,
      id: 'm',
      stream: 'i:bob',
      kind: 'system_notification',
      data: { title: 'Maintenance', body: '23:00-01:00', type: 'maintenance', action: 'open_url', seq: 99 },
    });
    const { title, body, data, count } = notificationOf({
      supports: {},
      app,
      userId: 'bob',
      owed: [notice],
      device: {},
      senders: new Map(),
      messageType: () => undefined,
      nowMs: 0,
    });
    expect({ title, body, data, count }).toEqual({
      title: 'Maintenance',
      body: '23:00-01:00',
      count: 1,
      data: { type: 'maintenance', action: 'open_url', messageIds: ['m'], stream: 'i:bob', seq: 3 },
    });
  });
});

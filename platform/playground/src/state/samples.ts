// Sample data for every command and kind of broadcast, as forms. The panels send them.
import { commandFeature, type BroadcastInput, type CommandAction } from '@belfry/protocol';
import { sampleTopic } from './person.svelte.ts';

export interface Field {
  name: string;
  /** `json` is a value of any shape; an empty field is left out. */
  type: 'text' | 'number' | 'boolean' | 'json';
  value: string;
}

/** The facts that samples are made from. */
export interface SampleFacts {
  conversationId: string;
  me: string;
  other: string;
  /** Id of the person's newest message; empty when there is none. */
  ownMessageId: string;
  headSeq: number;
  /** Of the conversation's stream; empty when it is not known. */
  epoch: string;
}

/**
 * In the order in which they are worth trying. `connect`, `auth` and `page` are sent by the SDK: by the
 * buttons above.
 */
export const sampledCommands = [
  'message',
  'typing',
  'read',
  'history',
  'conversations',
  'edit_message',
  'delete_message',
  'add_reaction',
  'remove_reaction',
  'pin_message',
  'unpin_message',
  'replies',
  'pins',
  'presence',
  'subscribe',
  'unsubscribe',
  'heartbeat',
  'ack',
  'sync',
  'register_device',
] as const satisfies readonly CommandAction[];
export type SampledCommand = (typeof sampledCommands)[number];

export function featuresOf(action: SampledCommand): readonly string[] {
  return commandFeature[action];
}

export function sampleFields(action: SampledCommand, facts: SampleFacts): Field[] {
  const { conversationId, me, other, ownMessageId, headSeq, epoch } = facts;
  const stream = `c:${conversationId}`;
  const conversation = text('conversationId', conversationId);
  switch (action) {
    case 'message':
      return [
        conversation,
        text('cid', crypto.randomUUID()),
        text('type', 'card'),
        json('content', { title: 'Appointment', fields: [{ label: 'When', value: 'Monday, 10:30' }] }),
      ];
    case 'typing':
      return [conversation, { name: 'isTyping', type: 'boolean', value: 'true' }];
    case 'read':
      return [conversation, number('seq', headSeq)];
    case 'add_reaction':
    case 'remove_reaction':
      return [text('messageId', ownMessageId), text('reaction', '👍')];
    case 'pins':
    case 'history':
      return [conversation, number('limit', 10), number('beforeSeq'), number('afterSeq')];
    case 'conversations':
      return [number('limit', 10), text('cursor', '')];
    case 'edit_message':
      return [text('messageId', ownMessageId), json('content', { text: 'hello, edited' })];
    case 'delete_message':
    case 'pin_message':
    case 'unpin_message':
    case 'replies':
      return [text('messageId', ownMessageId)];
    case 'presence':
      return [json('userIds', [me, other]), { name: 'watch', type: 'boolean', value: 'true' }];
    case 'subscribe':
      return [text('topic', 'stats')];
    case 'unsubscribe':
      return [text('topic', 'stats')];
    case 'heartbeat':
      return [{ name: 'visible', type: 'boolean', value: 'true' }];
    case 'ack':
      return [json('cursors', [{ stream, seq: headSeq }])];
    case 'sync':
      return [json('streams', [{ stream, epoch: epoch === '' ? 'e1' : epoch, seq: Math.max(0, headSeq - 2) }])];
    case 'register_device':
      return [text('provider', 'logging'), json('target', { token: `tablet of ${me}` }), text('deviceType', 'tablet')];
  }
}

/**
 * The data of a form; throws a SyntaxError whose message is the name of the field that is no JSON or number.
 */
export function dataOf(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ value }) => value.trim() !== '').map((field) => [field.name, valueOf(field)]),
  );
}

export const broadcastKinds = [
  'system_notification',
  'direct',
  'mobile_notification',
  'announcement',
  'message',
  'consultation_reply',
] as const;
export type SampledKind = (typeof broadcastKinds)[number];

export type AudienceChoice = 'left' | 'right' | 'both' | 'conversation' | 'topic' | 'everyone';

/** The audiences that each kind can go to; the first is the sample's. */
export const audiencesOf: Readonly<Record<SampledKind, readonly AudienceChoice[]>> = {
  system_notification: ['both', 'left', 'right', 'conversation'],
  direct: ['right', 'left', 'both'],
  mobile_notification: ['right', 'left', 'both', 'conversation'],
  announcement: ['everyone', 'topic'],
  message: ['conversation'],
  consultation_reply: ['conversation'],
};

export interface BroadcastDraft {
  kind: SampledKind;
  audience: AudienceChoice;
  title: string;
  body: string;
}

export function requestOf(
  { kind, audience, title, body }: BroadcastDraft,
  { left, right, conversationId }: { left: string; right: string; conversationId: string },
): BroadcastInput {
  const audiences: Record<AudienceChoice, BroadcastInput['audience']> = {
    left: { users: [left] },
    right: { users: [right] },
    both: { users: left === right ? [left] : [left, right] },
    conversation: { conversation: conversationId },
    topic: { topic: sampleTopic },
    everyone: { everyone: true },
  };
  const carriesMessage = kind === 'message' || kind === 'consultation_reply';
  return {
    kind,
    audience: audiences[audience],
    ...(carriesMessage ? { sender: left, data: { type: 'text', content: { text: body } } } : { data: { title, body } }),
  };
}

function text(name: string, value: string): Field {
  return { name, type: 'text', value };
}

function number(name: string, value?: number): Field {
  return { name, type: 'number', value: value === undefined ? '' : String(value) };
}

function json(name: string, value: unknown): Field {
  return { name, type: 'json', value: JSON.stringify(value) };
}

function valueOf({ name, type, value }: Field): unknown {
  if (type === 'text') return value;
  if (type === 'boolean') return value === 'true';
  if (type === 'number') {
    const parsed = Number(value);
    if (!Number.isSafeInteger(parsed)) throw new SyntaxError(name);
    return parsed;
  }
  try {
    return JSON.parse(value) as unknown;
  } catch (cause) {
    throw new SyntaxError(name, { cause });
  }
}

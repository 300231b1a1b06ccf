// The calls that scenarios repeat with a whole server: conversations, push targets, messages, journeys. No
// assertions of its own but that a call succeeded.

import { journeySchema, type DeviceType, type Journey } from '@belfry/protocol';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAnswer, ApiClient } from './api-client.ts';

export interface Sent {
  messageId: string;
  seq: number;
}

export type JourneyRecipient = Journey['recipients'][number];

/** Makes it, or sets who is in it. */
export async function putConversation(
  server: Pick<ApiClient, 'api'>,
  id: string,
  userIds: readonly string[],
): Promise<void> {
  await succeed(
    server.api('PUT', `/conversations/${id}`, { participants: userIds.map((userId) => ({ userId })) }),
    `conversation ${id}`,
  );
}

/** A conversation of a sender and one other, whose names are made of `name`. */
export async function putCouple(
  server: Pick<ApiClient, 'api'>,
  name: string,
): Promise<{ conversation: string; sender: string; other: string }> {
  const [conversation, sender, other] = [`c-${name}`, `${name}.sender`, `${name}.other`];
  await putConversation(server, conversation, [sender, other]);
  return { conversation, sender, other };
}

/** Registers a push target and resolves with the device's id. */
export async function registerDevice(
  server: Pick<ApiClient, 'api'>,
  userId: string,
  { deviceType = 'mobile', provider = 'hook', target = `${deviceType} of ${userId}` }: DeviceOptions = {},
): Promise<string> {
  const body = await succeed(
    server.api('POST', '/devices', { userId, provider, target: { id: target }, deviceType }),
    `device of ${userId}`,
  );
  return String(body['deviceId']);
}

export interface DeviceOptions {
  deviceType?: DeviceType;
  provider?: string;
  target?: string;
}

/** Sends a text as this user, over HTTP. */
export async function say(
  server: Pick<ApiClient, 'api'>,
  conversationId: string,
  { from, text = 'hello', ...more }: { from: string; text?: string; cid?: string; kind?: string },
): Promise<Sent> {
  const body = await succeed(
    server.api('POST', `/chat/${conversationId}/send`, { senderId: from, type: 'text', content: { text }, ...more }),
    `message into ${conversationId}`,
  );
  return { messageId: String(body['messageId']), seq: Number(body['seq']) };
}

export async function broadcast(server: Pick<ApiClient, 'api'>, request: unknown): Promise<Record<string, unknown>> {
  return await succeed(server.api('POST', '/broadcasts', request), 'broadcast');
}

export async function readJourney(server: Pick<ApiClient, 'api'>, messageId: string): Promise<Journey> {
  return journeySchema.parse(await succeed(server.api('GET', `/messages/${messageId}/journey`), 'journey'));
}

/** The pause between two looks at a journey: clients get no event when one has changed. */
const lookEveryMs = 25;

/** The first journey of which `find` finds something; the test's own time limit bounds the wait. */
export async function untilJourney<T>(
  server: Pick<ApiClient, 'api'>,
  messageId: string,
  find: (journey: Journey) => T | undefined,
): Promise<T> {
  for (;;) {
    const found = find(await readJourney(server, messageId));
    if (found !== undefined) return found;
    await pause(lookEveryMs);
  }
}

/** The recipient, once their first device (or they themselves, where they have none) has this push reason. */
export function untilPush(
  server: Pick<ApiClient, 'api'>,
  messageId: string,
  at: { userId: string; reason: string },
): Promise<JourneyRecipient> {
  return untilJourney(server, messageId, (journey) => {
    const recipient = recipientIn(journey, at.userId);
    return (recipient?.push[0]?.reason ?? recipient?.pushReason) === at.reason ? recipient : undefined;
  });
}

export function recipientIn(journey: Journey, userId: string): JourneyRecipient | undefined {
  return journey.recipients.find((recipient) => recipient.userId === userId);
}

/** The answer's body; throws with it for any status above 299. */
export async function succeed(call: Promise<ApiAnswer>, what: string): Promise<Record<string, unknown>> {
  const { status, body } = await call;
  if (status > 299) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

// /apps/{app}/message-types: the types of messages that are installed, as forms to fill in, and how a content of
// one would read as a notification.

import { deliveryPolicySchema, jsonObjectSchema, messageTypeSchema, notFound } from '@belfry/protocol';
import { configJsonSchema, type MessageType } from '@belfry/plugin-kit';
import * as z from 'zod';
import { checkContent } from '../../../broadcasting/check-data.ts';
import { localeSchema } from './bodies.ts';
import { pushPreviewSchema } from './push-preview-answer.ts';
import { appParams, appRoute } from './route.ts';

const tag = 'Message types';

const messageTypesSchema = z.object({
  items: z.array(
    z
      .object({
        ...{ type: z.string(), name: z.string(), description: z.string().optional(), feature: z.string().optional() },
        /** Of its content, as JSON in UTF-8. */
        maxBytes: z.int(),
        /** JSON Schema (2020-12) of its content; left out where its schema cannot be written as one. */
        schema: jsonObjectSchema.optional(),
      })
      .meta({ id: 'MessageTypeForm' }),
  ),
});

export const messageTypeRoutes = [
  appRoute({
    operationId: 'listMessageTypes',
    method: 'get',
    path: '/apps/{app}/message-types',
    tag,
    summary: 'The types of messages that are installed',
    role: 'viewer',
    params: appParams,
    answers: { 200: { description: 'By name.', schema: messageTypesSchema } },
    async handle(_input, { messageTypes }) {
      const items = messageTypes().map(shown);
      return { status: 200, body: { items: items.toSorted((a, b) => (a.type < b.type ? -1 : 1)) } };
    },
  }),
  appRoute({
    operationId: 'previewMessage',
    method: 'post',
    path: '/apps/{app}/message-types/{type}/preview',
    tag,
    summary: 'How a content would read as a notification, and as each provider would cut it',
    role: 'viewer',
    params: appParams.extend({ type: messageTypeSchema }),
    body: z.strictObject({ content: jsonObjectSchema, locale: localeSchema.default('en') }),
    repeatable: true,
    answers: { 200: { description: 'Nothing was sent.', schema: pushPreviewSchema } },
    errors: ['invalid_content', 'too_large', 'csrf'],
    async handle({ caller, params: { type }, body }, { messageTypes, pushPreviews }) {
      const known = messageTypes().find(({ id }) => id === type);
      if (known === undefined) throw notFound('message type');
      const data = { type, content: checkContent(known, body.content) };
      const message = { kind: 'message', action: 'new_message', data, policy: deliveryPolicySchema.parse({}) };
      return { status: 200, body: await pushPreviews.of(caller.app.app, message, body.locale) };
    },
  }),
];

function shown({ id, displayName, description, feature, limits, schema }: MessageType) {
  const form = formOf(schema);
  return {
    ...{ type: id, name: displayName ?? id, maxBytes: limits.bytes },
    ...(description === undefined ? {} : { description }),
    ...(feature === undefined ? {} : { feature }),
    ...(form === undefined ? {} : { schema: form }),
  };
}

/** A plugin's schema may hold what JSON Schema has no words for. */
function formOf(schema: MessageType['schema']): Record<string, unknown> | undefined {
  try {
    return { ...configJsonSchema(schema) };
  } catch {
    return undefined;
  }
}

// How a message reads as a notification before it is sent: by its type or its title, and cut as each provider
// would.

import { defineMessageType } from '@belfry/plugin-kit';
import { deliveryPolicySchema } from '@belfry/protocol';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import { asAppId } from '../../ports/app-id.ts';
import { PushPreviews } from './push-previews.ts';

const app = asAppId('demo');
const policy = deliveryPolicySchema.parse({});
const text = defineMessageType({
  ...{ id: 'text', version: 1, schema: z.object({ text: z.string() }), limits: { bytes: 1000 } },
  preview: ({ text: body }, { locale }) => ({ body: locale === 'zh' ? `消息：${body}` : body }),
});

function handle(id: string, limits: ProviderHandle['limits']): ProviderHandle {
  return {
    ...{ id, plugin: 'stand-in', channel: 'push', state: 'on', limits, supports: {}, targetsAreSecret: false },
    parseTarget: () => ({ ok: true, value: {} }),
    send: () => Promise.reject(new Error('a preview sends nothing')),
  };
}

const previews = new PushPreviews({
  plugins: { providers: async () => [handle('wide', {}), handle('short', { titleChars: 5, bodyChars: 8 })] },
  messageType: (id) => (id === 'text' ? text : undefined),
  users: { get: async () => new Map([['ann', { userId: 'ann', name: 'Ann Meier' }]]) },
  clock: { now: () => 0 },
});

test('a notice reads as its title and body, and says where they are cut', async () => {
  const data = { title: 'Results are in', body: 'Open the app' };
  const preview = await previews.of(app, { kind: 'direct', action: 'direct_message', data, policy }, 'en');
  expect(preview).toMatchObject({
    ...data,
    perProvider: [
      { provider: 'wide', ...data, cut: false },
      { provider: 'short', title: 'Resu…', body: 'Open th…', cut: true },
    ],
  });
});

test('a message reads as its type says in the language of the device, under the name of its sender', async () => {
  const data = { type: 'text', content: { text: 'Hello' } };
  const message = { kind: 'message', action: 'new_message', data, policy, senderId: 'ann', conversationId: 'c1' };
  expect(await previews.of(app, message, 'zh')).toMatchObject({ title: 'Ann Meier', body: '消息：Hello' });
});

// The logging provider: the rules of every provider, and the fields of its record.
import { fakeHost, sampleClearing, sampleDelivery, testNotificationProvider } from '@belfry/plugin-kit/testing';
import { expect, test } from 'vitest';
import plugin from './index.ts';

testNotificationProvider(plugin, { config: {}, target: { token: 'device-token' } });

const attempt = { signal: new AbortController().signal, attempt: 1 };

test('writes one record that holds what would be shown, and not the target', async () => {
  const host = fakeHost();
  const provider = await plugin.setup(host.context({}));

  const outcome = await provider.send(sampleDelivery({ target: { token: 'device-token' } }), attempt);

  expect(outcome).toEqual({ outcome: 'accepted' });
  expect(host.log).toHaveLength(1);
  expect(host.log[0]).toMatchObject({
    level: 'info',
    msg: 'push',
    fields: {
      userId: 'bob',
      deviceType: 'mobile',
      priority: 'normal',
      title: 'Alice',
      body: 'hello',
      count: 1,
      collapseKey: 'c-4f1b2a',
      data: { conversationId: 'c1', action: 'open_conversation' },
      outcome: 'accepted',
    },
  });
  expect(JSON.stringify(host.log)).not.toContain('device-token');
});

test('writes which notification is taken away again', async () => {
  const host = fakeHost();
  const provider = await plugin.setup(host.context({}));

  await provider.clear?.(sampleClearing({}), attempt);

  expect(host.log).toMatchObject([{ msg: 'push cleared', fields: { userId: 'bob', collapseKey: 'c-4f1b2a' } }]);
});

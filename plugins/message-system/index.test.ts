// The message type for what the application says: its contents, and who may send them.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

const joined = { text: 'Carol joined', code: 'participant_joined', params: { userId: 'carol', count: 3 } };

testMessageType(plugin, {
  valid: [joined, { text: 'Maintenance at 23:00' }],
  invalid: [
    [{ code: 'participant_joined' }, 'text'],
    [{ text: '' }, 'text'],
    [{ text: 'x', code: 'Not A Code' }, 'code'],
    [{ text: 'x', params: { nested: {} } }, 'params.nested'],
    [{ text: 'x', params: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`p${i}`, i])) }, 'params'],
  ],
  previews: [
    [joined, 'en', { body: 'Carol joined' }],
    [{ text: 'one\ntwo' }, 'zh-CN', { body: 'one two' }],
  ],
  senders: [
    [joined, { userId: 'alice', via: 'socket' }, 'refused'],
    [joined, { userId: 'alice', via: 'http-user', roles: ['admin'] }, 'refused'],
    [joined, { userId: 'system', via: 'http-key' }, 'accepted'],
    [joined, { userId: 'system', via: 'hook' }, 'accepted'],
    [joined, { userId: 'system', via: 'console' }, 'accepted'],
  ],
});

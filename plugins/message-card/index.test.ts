// The message type for cards: its contents, and how they read in a notification.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

const field = { label: 'When', value: 'Friday, 10:00' };
const action = { label: 'Open', url: 'https://clinic.example/a?b=1' };

testMessageType(plugin, {
  valid: [
    { title: 'Appointment' },
    { title: '预约', body: '<b>not bold</b>', fields: [field], actions: [action] },
    { title: 'x', fields: Array.from({ length: 20 }, () => field), actions: Array.from({ length: 5 }, () => action) },
  ],
  invalid: [
    [{}, 'title'],
    [{ title: ' ' }, 'title'],
    [{ title: 'x', body: '' }, 'body'],
    [{ title: 'x', fields: [] }, 'fields'],
    [{ title: 'x', fields: [{ label: 'When' }] }, 'fields.0.value'],
    [{ title: 'x', fields: Array.from({ length: 21 }, () => field) }, 'fields'],
    [{ title: 'x', actions: [{ ...action, url: 'http://clinic.example' }] }, 'actions.0.url'],
    [{ title: 'x', actions: [{ ...action, url: 'javascript:alert(1)' }] }, 'actions.0.url'],
    [{ title: 'x', actions: [action, { ...action, url: 'https://clinic.example@evil.example/' }] }, 'actions.1.url'],
    [{ title: 'x', actions: Array.from({ length: 6 }, () => action) }, 'actions'],
    [{ title: 'x', html: '<script>' }, ''],
  ],
  previews: [
    [{ title: 'Appointment' }, 'en', { body: '[Card] Appointment' }],
    [{ title: '预约', body: '周五\n十点' }, 'zh-TW', { body: '[卡片] 预约: 周五 十点' }],
    [{ title: 'x', body: '字'.repeat(4000) }, 'en', { body: `[Card] x: ${'字'.repeat(189)}…` }],
  ],
});

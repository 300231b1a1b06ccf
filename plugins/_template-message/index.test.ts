// The message type's own tables, and with them the rules of every message type.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

testMessageType(plugin, {
  valid: [{ label: 'Results' }, { label: 'Results', url: 'https://example.com/results' }],
  invalid: [
    [{}, 'label'],
    [{ label: '' }, 'label'],
    [{ label: 'Results', url: 'javascript:alert(1)' }, 'url'],
  ],
  previews: [
    [{ label: 'Results' }, 'en', { body: '[Link] Results' }],
    [{ label: 'Results' }, 'zh-CN', { body: '[链接] Results' }],
  ],
});

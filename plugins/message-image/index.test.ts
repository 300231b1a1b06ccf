// The message type for pictures: its contents, their uploads, and how they read in a notification.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

const uploadId = '018f0000-0000-7000-8000-000000000001';
const facts = { name: '照片.png', type: 'image/png', bytes: 1234 };

testMessageType(plugin, {
  valid: [{ uploadId }, { uploadId, caption: 'before', width: 640, height: 480, ...facts }],
  invalid: [
    [{}, 'uploadId'],
    [{ uploadId: '../../etc/passwd' }, 'uploadId'],
    [{ uploadId, url: 'https://elsewhere.example/a.png' }, ''],
    [{ uploadId, caption: '' }, 'caption'],
    [{ uploadId, caption: 'x'.repeat(2001) }, 'caption'],
    [{ uploadId, width: 0 }, 'width'],
    [{ uploadId, height: 1e9 }, 'height'],
    [{ uploadId, bytes: -1 }, 'bytes'],
  ],
  previews: [
    [{ uploadId }, 'en', { body: '[Image]' }],
    [{ uploadId }, 'zh-CN', { body: '[图片]' }],
    [{ uploadId, caption: 'left\nknee\u202E' }, 'en-GB', { body: '[Image] left knee' }],
    [{ uploadId, caption: '左膝' }, 'ZH-hans', { body: '[图片] 左膝' }],
    [{ uploadId, caption: '\n' }, 'fr', { body: '[Image]' }],
    [{ uploadId, caption: 'x'.repeat(300) }, 'en', { body: `[Image] ${'x'.repeat(199)}…` }],
    [{ uploadId, caption: `${'x'.repeat(198)}😀${'x'.repeat(9)}` }, 'en', { body: `[Image] ${'x'.repeat(198)}😀…` }],
    [{ uploadId, caption: `${'x'.repeat(198)}👩‍👧${'x'.repeat(9)}` }, 'en', { body: `[Image] ${'x'.repeat(198)}…` }],
  ],
  uploads: [
    [{ uploadId, caption: 'x', ...facts }, [{ uploadId, types: ['image/*'], path: ['uploadId'], says: facts }]],
  ],
});

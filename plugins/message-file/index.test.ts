// The message type for files: its contents, their uploads, and how they read in a notification.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

const uploadId = '018f0000-0000-7000-8000-000000000001';
const facts = { name: '化验报告.pdf', type: 'application/pdf', bytes: 1234 };

testMessageType(plugin, {
  valid: [
    { uploadId, name: 'a.pdf' },
    { uploadId, caption: 'the results', ...facts },
  ],
  invalid: [
    [{ name: 'a.pdf' }, 'uploadId'],
    [{ uploadId }, 'name'],
    [{ uploadId, name: '' }, 'name'],
    [{ uploadId, name: 'x'.repeat(256) }, 'name'],
    [{ uploadId: 7, name: 'a.pdf' }, 'uploadId'],
    [{ uploadId, name: 'a.pdf', href: 'javascript:alert(1)' }, ''],
    [{ uploadId, name: 'a.pdf', caption: '' }, 'caption'],
  ],
  previews: [
    [{ uploadId, name: 'a.pdf' }, 'en', { body: '[File] a.pdf' }],
    [{ uploadId, ...facts }, 'zh', { body: '[文件] 化验报告.pdf' }],
    [{ uploadId, name: 'invoice\u202Efdp.exe' }, 'en', { body: '[File] invoicefdp.exe' }],
    [{ uploadId, name: 'x'.repeat(255) }, 'en', { body: `[File] ${'x'.repeat(199)}…` }],
  ],
  uploads: [[{ uploadId, ...facts }, [{ uploadId, types: ['*'], path: ['uploadId'], says: facts }]]],
});

// The message type for voice notes: its contents, their uploads, and how they read in a notification.
import { testMessageType } from '@belfry/plugin-kit/testing';
import plugin from './index.ts';

const uploadId = '018f0000-0000-7000-8000-000000000001';

testMessageType(plugin, {
  valid: [
    { uploadId, durationMs: 1 },
    { uploadId, durationMs: 3_600_000, waveform: Array.from({ length: 200 }, () => 100), type: 'audio/ogg', bytes: 9 },
  ],
  invalid: [
    [{ durationMs: 1000 }, 'uploadId'],
    [{ uploadId }, 'durationMs'],
    [{ uploadId, durationMs: 0 }, 'durationMs'],
    [{ uploadId, durationMs: 3_600_001 }, 'durationMs'],
    [{ uploadId, durationMs: 1.5 }, 'durationMs'],
    [{ uploadId, durationMs: 1000, waveform: [101] }, 'waveform.0'],
    [{ uploadId, durationMs: 1000, waveform: Array.from({ length: 201 }, () => 1) }, 'waveform'],
    [{ uploadId, durationMs: 1000, url: 'https://elsewhere.example/a.ogg' }, ''],
  ],
  previews: [
    [{ uploadId, durationMs: 12_400 }, 'en', { body: '[Voice] 0:12' }],
    [{ uploadId, durationMs: 83_000 }, 'zh-CN', { body: '[语音] 1:23' }],
    [{ uploadId, durationMs: 3 }, 'en', { body: '[Voice] 0:01' }],
    [{ uploadId, durationMs: 3_600_000 }, 'en', { body: '[Voice] 60:00' }],
  ],
  uploads: [
    [
      { uploadId, durationMs: 1000, bytes: 9 },
      [{ uploadId, types: ['audio/*'], path: ['uploadId'], says: { type: undefined, bytes: 9 } }],
    ],
  ],
});

// The banner names everything that is there, and nothing that is not.
import { expect, test } from 'vitest';
import { banner } from './banner.ts';

const plain = { version: '1.2.3', url: 'http://h:1', docs: 'http://h:1/docs', notificationProvider: 'webpush' };

test('the banner of a first start has the address, the playground, the docs, the key file and the next command', () => {
  const text = banner({
    ...plain,
    console: 'http://h:1/console/setup#code=X',
    playground: 'http://h:1/playground/#s',
    key: { app: 'demo', keyFile: '/data/demo-api-key', next: 'npx belfry token --app demo --user alice' },
    notificationProvider: 'logging',
  });
  for (const part of [
    'Belfry 1.2.3 is up at http://h:1\n',
    'console     http://h:1/console/setup#code=X\n',
    'playground  http://h:1/playground/#s ',
    'HTTP API    http://h:1/docs\n',
    'API key     /data/demo-api-key ',
    'next        npx belfry token --app demo --user alice\n',
    'pushes      are lines "push" of this log',
  ]) {
    expect(text).toContain(part);
  }
});

test('the banner leaves out what is not there', () => {
  const text = banner(plain);
  for (const part of ['console', 'playground', 'API key', 'next', 'pushes']) expect(text).not.toContain(part);
  expect(banner({ ...plain, docs: undefined })).not.toContain('HTTP API');
});

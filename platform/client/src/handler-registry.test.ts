import type { ServerEvent } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { createHandlerRegistry } from './handler-registry.ts';

const event: ServerEvent = { action: 'announcement', timestamp: '2026-01-01T00:00:00.000Z', data: {} };

function build(page = '/chat/7'): { registry: ReturnType<typeof createHandlerRegistry>; reported: unknown[] } {
  const reported: unknown[] = [];
  return { registry: createHandlerRegistry(page, (error) => void reported.push(error)), reported };
}

test('an error of one handler is reported and reaches no other, whether thrown or rejected', async () => {
  const { registry, reported } = build();
  let calls = 0;
  registry.on('announcement', () => {
    throw new Error('thrown');
  });
  registry.on('announcement', async () => {
    await Promise.reject(new Error('rejected'));
  });
  registry.on('*', () => (calls += 1));
  registry.emit(event);
  await expect.poll(() => reported.length).toBe(2);
  expect(reported).toMatchObject([{ message: 'thrown' }, { message: 'rejected' }]);
  expect(calls).toBe(1);
  expect(registry.last()).toBe(event);
});

test('a handler of a page pattern is called on such pages, and is gone once the pattern is left', () => {
  const { registry } = build('/login');
  const called: string[] = [];
  registry.on('announcement', () => called.push('detail'), { page: '/chat/:id' });
  registry.on('announcement', () => called.push('below'), { page: '/chat/*' });
  registry.emit(event);
  expect(called).toEqual([]);
  for (const page of ['/chat/1', '/chat/2', '/chat', '/chat/3']) {
    registry.moveTo(page);
    registry.emit(event);
  }
  expect(called).toEqual(['detail', 'below', 'detail', 'below', 'below', 'below']);
});

test('a handler that is taken away while the event is handed out is not called any more', () => {
  const { registry } = build();
  const called: string[] = [];
  registry.on('announcement', () => {
    called.push('first');
    end();
  });
  const end = registry.on('announcement', () => called.push('second'));
  registry.emit(event);
  expect(called).toEqual(['first']);
});

import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { watchLog } from './watch-log.ts';

test('hears info lines with the fields of all children, also below the level that is written', () => {
  const written: string[] = [];
  const heard: unknown[] = [];
  const log = watchLog(
    createLog({ level: 'warn', format: 'json' }, { write: (line) => written.push(line) }),
    (...said) => heard.push(said),
  );

  log.child({ app: 'demo' }).child({ provider: 'logging' }).info('push', { userId: 'bob' });
  log.warn('push failed', { userId: 'bob' });

  expect(heard).toEqual([['push', { app: 'demo', provider: 'logging', userId: 'bob' }]]);
  expect(written.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['push failed']);
});

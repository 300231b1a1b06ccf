// One tab at a time, by Web Locks (Node has them) and by the lease; and that a tab which died is missed.
import { beforeEach, describe, expect, it } from 'vitest';
import { createClientClock, type ClientClock } from '../../test/support/client-clock.ts';
import type { KeyValue } from '../types.ts';
import { createLease, createWebLock, type SenderLock } from './sender-lock.ts';

let clock: ClientClock;
let keyValue: KeyValue;
const going = new AbortController().signal;

beforeEach(() => {
  clock = createClientClock();
  const texts = new Map<string, string>();
  keyValue = {
    get: (key) => texts.get(key) ?? null,
    set: (key, value) => void texts.set(key, value),
    remove: (key) => void texts.delete(key),
  };
});

const kinds: Record<string, (id: string) => SenderLock> = {
  'Web Locks': () => createWebLock(navigator.locks),
  lease: (id) => createLease({ keyValue, clock, id }),
};

describe.each(Object.entries(kinds))('%s', (_name, create) => {
  it('lets the second in when the first is done, also when it failed', async () => {
    const log: string[] = [];
    const finish = Promise.withResolvers<undefined>();
    const first = create('1').hold(
      'x',
      async () => {
        log.push('first');
        await finish.promise;
      },
      going,
    );
    const second = create('2').hold('x', async () => void log.push('second'), going);
    const other = create('3').hold('y', async () => void log.push('other'), going);
    await clock.advance(60_000);
    await other;
    expect(log).toEqual(['first', 'other']);
    const failed = expect(first).rejects.toThrow('broken');
    finish.reject(new Error('broken'));
    await failed;
    await clock.advance(1000);
    await second;
    expect(log).toEqual(['first', 'other', 'second']);
    expect(clock.pending()).toBe(0);
  });

  it('stops waiting when asked to, and does nothing then', async () => {
    const finish = Promise.withResolvers<undefined>();
    const first = create('1').hold('x', () => finish.promise, going);
    await clock.advance(100);
    const stop = new AbortController();
    let ran = false;
    const second = create('2').hold('x', async () => void (ran = true), stop.signal);
    stop.abort();
    await second;
    finish.resolve(undefined);
    await first;
    expect([ran, clock.pending()]).toEqual([false, 0]);
  });
});

describe('lease', () => {
  it('of a tab that died is over in seconds', async () => {
    keyValue.set('x', JSON.stringify({ id: 'dead', until: clock.now() + 6000 }));
    let ran = false;
    const held = createLease({ keyValue, clock, id: '2' }).hold('x', async () => void (ran = true), going);
    await clock.advance(5900);
    expect(ran).toBe(false);
    await clock.advance(700);
    await held;
    expect(ran).toBe(true);
  });

  it('is void when it reaches too far: the clock was set back', async () => {
    keyValue.set('x', JSON.stringify({ id: 'dead', until: clock.now() + 3_600_000 }));
    const held = createLease({ keyValue, clock, id: '2' }).hold('x', async () => undefined, going);
    await clock.advance(100);
    await held;
  });

  it('is not waited for where nothing can be kept', async () => {
    const refuse = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const lease = createLease({ keyValue: { ...keyValue, set: refuse }, clock, id: '1' });
    const held = lease.hold('x', async () => undefined, going);
    await clock.advance(100);
    await held;
  });
});

it('Web Locks that are refused are not waited for', async () => {
  const refused = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) } as unknown as LockManager;
  let ran = 0;
  await createWebLock(refused).hold('x', async () => void (ran += 1), going);
  expect(ran).toBe(1);
});

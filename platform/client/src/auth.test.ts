import { expect, test, vi } from 'vitest';
import { createVirtualClock } from '../../server/test/support/virtual-clock.ts';
import { sampleToken } from '../test/support/virtual-surroundings.ts';
import { Auth } from './auth.ts';
import type { GetToken } from './types.ts';

const minute = 60_000;

function build(
  getToken?: GetToken,
  isConnected = true,
): {
  auth: Auth;
  clock: ReturnType<typeof createVirtualClock>;
  renewed: (string | null | undefined)[];
  failed: unknown[];
} {
  const clock = createVirtualClock();
  const renewed: (string | null | undefined)[] = [];
  const failed: unknown[] = [];
  const auth = new Auth(getToken, {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimer(run, delayMs) {
        const timer = clock.after(delayMs, run);
        return () => timer.cancel();
      },
    },
  });
  auth.listen({
    isConnected: () => isConnected,
    renewed: (token) => renewed.push(token === null ? null : token.userId),
    renewalFailed: (error) => failed.push(error),
  });
  return { auth, clock, renewed, failed };
}

const living = (lifeMs: number, sub = 'alice', nowMs = Date.UTC(2026, 0, 1)): string =>
  sampleToken({ sub, exp: (nowMs + lifeMs) / 1000 });

test('callers that ask at the same time get one token, and callers that ask later the same', async () => {
  const getToken = vi.fn(() => living(60 * minute));
  const { auth } = build(getToken);
  const [one, two] = await Promise.all([auth.token('connect'), auth.token('http')]);
  expect(one).toBe(two);
  expect(await auth.token('http')).toBe(one);
  expect(getToken).toHaveBeenCalledTimes(1);
  expect(getToken.mock.calls[0]).toMatchObject([{ reason: 'connect' }]);
  expect(auth.userId()).toBe('alice');
  auth.stop();
});

test('without getToken, and after signOut, nobody is signed in and nobody is asked', async () => {
  expect(await build().auth.token('connect')).toBeNull();
  const getToken = vi.fn(() => living(minute));
  const { auth } = build(getToken);
  auth.signOut();
  expect(await auth.token('connect')).toBeNull();
  expect(getToken).not.toHaveBeenCalled();
  auth.signedIn();
  expect((await auth.token('connect'))?.userId).toBe('alice');
  auth.stop();
});

test('a token is renewed 90 s before its end, and again when that failed', async () => {
  const getToken = vi.fn<GetToken>().mockImplementation(() => living(60 * minute, 'alice', clock.now()));
  const { auth, clock, renewed, failed } = build((why) => getToken(why));
  await auth.token('connect');
  await clock.advance(58 * minute);
  expect(getToken).toHaveBeenCalledTimes(1);
  getToken.mockRejectedValueOnce(new Error('away'));
  await clock.advance(30_000);
  expect([renewed, failed]).toMatchObject([[], [{ message: 'away' }]]);
  await clock.advance(10_000);
  expect(renewed).toEqual(['alice']);
  expect(getToken).toHaveBeenLastCalledWith(expect.objectContaining({ reason: 'renew' }));
  auth.stop();
});

test('where no connection needs it a token is not renewed, but asked for when it is needed', async () => {
  const getToken = vi.fn(() => living(60 * minute, 'alice', clock.now()));
  const { auth, clock } = build(getToken, false);
  await auth.token('connect');
  await clock.advance(120 * minute);
  expect(getToken).toHaveBeenCalledTimes(1);
  await auth.token('http');
  expect(getToken).toHaveBeenCalledTimes(2);
  auth.stop();
});

test('a token of a minute is renewed after two thirds of it, however often the server says that it ends', async () => {
  const getToken = vi.fn(() => living(minute, 'alice', clock.now()));
  const { auth, clock } = build(getToken);
  await auth.token('connect');
  auth.expiring(59_000);
  await clock.advance(29_000);
  expect(getToken).toHaveBeenCalledTimes(1);
  await clock.advance(1000);
  expect(getToken).toHaveBeenCalledTimes(2);
  auth.stop();
});

test('the server is believed when it says that a token ends, whatever our clock says', async () => {
  const getToken = vi.fn(() => living(60 * minute, 'alice', clock.now()));
  const { auth, clock, renewed } = build(getToken);
  await auth.token('connect');
  await clock.advance(30 * minute);
  auth.expiring(minute);
  await clock.advance(0);
  expect(renewed).toEqual(['alice']);
  auth.stop();
});

test('a token that is over by our clock is used all the same: the clock may be wrong', async () => {
  const getToken = vi.fn(() => living(-60 * minute));
  const { auth, clock } = build(getToken);
  await auth.token('connect');
  await clock.advance(minute);
  await auth.token('http');
  expect(getToken).toHaveBeenCalledTimes(1);
  auth.invalidate();
  await auth.token('http');
  expect(getToken).toHaveBeenCalledTimes(2);
  auth.stop();
});

test('an answer for the user who was signed in before does not count', async () => {
  const answers: ((token: string) => void)[] = [];
  const { auth } = build(() => new Promise((resolve) => void answers.push(resolve)));
  const first = auth.token('connect');
  auth.signedIn();
  const second = auth.token('connect');
  answers[0]?.(living(minute, 'alice'));
  answers[1]?.(living(minute, 'bob'));
  await expect(first).rejects.toThrow('another user');
  expect((await second)?.userId).toBe('bob');
  expect(auth.userId()).toBe('bob');
  auth.stop();
});

test('a getToken that never answers is given up after 20 s, and its signal is aborted', async () => {
  let aborted = false;
  const { auth, clock } = build(({ signal }) => {
    signal.addEventListener('abort', () => (aborted = true));
    return new Promise<never>(() => void 0);
  });
  const asked = expect(auth.token('connect')).rejects.toThrow('in time');
  await clock.advance(20_000);
  await asked;
  expect(aborted).toBe(true);
});

test.each(['', 'nonsense', 'a.b.c', 'a.bnVsbA.c'])(
  'a token %j that cannot be read is left to the server to check',
  async (text) => {
    const { auth } = build(() => text);
    expect(await auth.token('connect')).toEqual({ text, userId: undefined });
    auth.stop();
  },
);

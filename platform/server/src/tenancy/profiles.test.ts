import { expect, test } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { UserProfile } from '../ports/stores/index.ts';
import { keepProfiles } from './profiles.ts';
import { bad, type VerifiedUser } from './tokens/claims.ts';
import { found } from './tokens/token-findings.ts';

const app = asAppId('demo');
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
  isDebug: () => false,
};

/** Tokens by text, each verified to the same object every time, as tokens.ts does. */
function keeper(users: Record<string, Partial<VerifiedUser>>) {
  const merged: UserProfile[] = [];
  let isAway = false;
  const known = new Map(
    Object.entries(users).map(([token, user]) => [
      token,
      { userId: token, issuedAtMs: 0, expiresAtMs: 1, ...user } satisfies VerifiedUser,
    ]),
  );
  const verify = keepProfiles({
    verify: async (_app, token) => {
      const user = known.get(token);
      return user === undefined ? bad('malformed', found('header_unreadable')) : { ok: true, user };
    },
    users: {
      merge: async (_app, profiles) => {
        if (isAway) throw new Error('away');
        merged.push(...profiles);
      },
    },
    log,
  });
  return { verify: (token: string) => verify(app, token), merged, away: (away: boolean) => (isAway = away) };
}

test('the profile that a token gives of its user is stored once, however often it is verified', async () => {
  const { verify, merged } = keeper({ alice: { name: 'Alice', roles: ['doctor'] } });
  await verify('alice');
  await verify('alice');
  expect(merged).toEqual([{ userId: 'alice', name: 'Alice', roles: ['doctor'] }]);
});

test('a token that says nothing of its user, or is refused, stores nothing', async () => {
  const { verify, merged } = keeper({ bob: {} });
  expect(await verify('bob')).toMatchObject({ ok: true });
  expect(await verify('mallory')).toMatchObject({ ok: false, code: 'bad_token' });
  expect(merged).toEqual([]);
});

test('a store that is away refuses nobody, and gets the profile with the next request', async () => {
  const { verify, merged, away } = keeper({ carol: { name: 'Carol' } });
  away(true);
  expect(await verify('carol')).toMatchObject({ ok: true });
  away(false);
  await verify('carol');
  expect(merged).toEqual([{ userId: 'carol', name: 'Carol' }]);
});

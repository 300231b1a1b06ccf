// Keeps what a user's token says of them (name, avatar, roles), so that others are shown it. Not when they
// were here: sessions/last-seen.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { UserStore } from '../ports/stores/users.ts';
import type { TokenVerdict, VerifiedUser } from './tokens/claims.ts';

export type VerifyToken = (app: AppId, token: string) => Promise<TokenVerdict>;

/**
 * The same verdicts as `verify` gives. Once a token, its profile is on its way to the store before the
 * verdict is given: ahead of all that its user does with it, since a push for their first message shows their
 * name. Nobody waits for it to be stored.
 */
export function keepProfiles(deps: { verify: VerifyToken; users: Pick<UserStore, 'merge'>; log: Log }): VerifyToken {
  const { verify, users, log } = deps;
  // A token that is verified again gives the same object, as long as it is remembered there.
  const kept = new WeakSet<VerifiedUser>();

  return async (app, token) => {
    const verdict = await verify(app, token);
    if (verdict.ok) keep(app, verdict.user);
    return verdict;
  };

  function keep(app: AppId, user: VerifiedUser): void {
    if (kept.has(user)) return;
    kept.add(user);
    const { userId, name, avatar, roles } = user;
    if (name === undefined && avatar === undefined && roles === undefined) return;
    const profile = {
      userId,
      ...(name === undefined ? {} : { name }),
      ...(avatar === undefined ? {} : { avatar }),
      ...(roles === undefined ? {} : { roles }),
    };
    users.merge(app, [profile]).catch((error: unknown) => {
      kept.delete(user);
      log.debug('what a token says of its user could not be stored', { app, userId, err: error });
    });
  }
}

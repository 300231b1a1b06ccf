// A caller of the public API, and as which user they may act. Finding out who it is from the request:
// identify.ts.

import { BelfryError, plainUserId } from '@belfry/protocol';
import type { Origin } from '../../../broadcasting/validate.ts';
import type { AppId } from '../../../ports/app-id.ts';

/** A tenant's back end. */
export interface KeyCaller {
  type: 'key';
  app: AppId;
  keyId: string;
  scopes: readonly string[];
}

/** An end user. */
export interface UserCaller {
  type: 'user';
  app: AppId;
  userId: string;
  roles?: readonly string[];
}

export type Caller = KeyCaller | UserCaller;

/** The origin of a broadcast that this caller asks for. */
export function originOf(caller: Caller): Origin {
  if (caller.type === 'key') return { via: 'http-key' };
  return { via: 'http-user', ...(caller.roles === undefined ? {} : { roles: caller.roles }) };
}

/** A change in a user's name is the user's own; without a name it is the app's back end's. */
export function originOfChange(userId: string | undefined): Origin {
  return { via: userId === undefined ? 'http-key' : 'http-user' };
}

/**
 * Unique in the app, without blanks; `key:` and `user:` keep an API key's id and a user's id of the same text
 * apart.
 */
export function nameOf(caller: Caller): string {
  return caller.type === 'key' ? `key:${caller.keyId}` : `user:${plainUserId(caller.userId)}`;
}

/** A user sees what they are in; an API key sees everything of its app. */
export function viewerOf(caller: Caller): string | undefined {
  return caller.type === 'user' ? caller.userId : undefined;
}

/**
 * The user on whose behalf it is done: a user's own id, or the one that an API key named at `path`.
 * Throws `forbidden` for a user who names somebody else, `invalid_body` for a key that names nobody.
 */
export function actingUser(caller: Caller, named: string | undefined, path: readonly string[]): string {
  if (caller.type === 'user') {
    if (named !== undefined && named !== caller.userId) {
      throw new BelfryError('forbidden', { message: 'A user token speaks for its own user only.', path });
    }
    return caller.userId;
  }
  if (named === undefined) {
    throw new BelfryError('invalid_body', { message: 'An API key must say for which user.', path });
  }
  return named;
}

/** As `actingUser`, but a key may leave it open: then it acts for the app. */
export function actingUserIfAny(
  caller: Caller,
  named: string | undefined,
  path: readonly string[],
): string | undefined {
  return caller.type === 'key' ? named : actingUser(caller, named, path);
}

// Who a request comes from, and as which user it may act. Finding that out from the request: middleware/auth.ts.

import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';

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

/** A broadcast among those that are to be carried out in order: what each calls when its place is certain, and the end of what stands before it. */
export interface Turn {
  onQueued?: () => void;
  after?: Promise<unknown>;
}

/** What broadcasting is told of where a request came from. */
export interface HttpOrigin extends Turn {
  via: 'http-key' | 'http-user';
  userId?: string;
  roles?: readonly string[];
}

export function originOf(caller: Caller): HttpOrigin {
  if (caller.type === 'key') return { via: 'http-key' };
  return { via: 'http-user', userId: caller.userId, ...(caller.roles === undefined ? {} : { roles: caller.roles }) };
}

/** Unique in the app; `key:` and `user:` keep an API key's id and a user's id of the same text apart. */
export function nameOf(caller: Caller): string {
  return caller.type === 'key' ? `key:${caller.keyId}` : `user:${caller.userId}`;
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

// What an app knows of its users: read, listed, set, changed. What tokens say of them is kept by profiles.ts;
// who is connected is sessions'.

import {
  maxUserMetadataLength,
  notFound,
  BelfryError,
  type PatchUserBody,
  type PutUserBody,
  type User,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { UserDetails, UserProfile, UserStore } from '../ports/stores/index.ts';
import { mergePatch } from './merge-patch.ts';

/** A person has few who set their name: who loses so often is no person. */
const mostTries = 10;

export class People {
  readonly #store: Pick<UserStore, 'get' | 'list' | 'count' | 'putDetails'>;

  constructor({ store }: { store: Pick<UserStore, 'get' | 'list' | 'count' | 'putDetails'> }) {
    this.#store = store;
  }

  /** Throws `not_found` for somebody who was never seen, and of whom nothing was set. */
  async get(app: AppId, userId: string): Promise<User> {
    const user = await this.find(app, userId);
    if (user === undefined) throw notFound('user');
    return user;
  }

  async find(app: AppId, userId: string): Promise<User | undefined> {
    const profile = await this.#find(app, userId);
    return profile === undefined ? undefined : view(profile);
  }

  /** As `UserStore.list`. */
  async list(
    app: AppId,
    page: { q?: string | undefined; after?: string | undefined; limit: number },
  ): Promise<{ users: User[]; next?: string }> {
    const { items, next } = await this.#store.list(app, page);
    return { users: items.map(view), ...(next === undefined ? {} : { next }) };
  }

  /** As `UserStore.count`. */
  async count(app: AppId, query: { q?: string | undefined; most: number }): Promise<number> {
    return await this.#store.count(app, query);
  }

  /** Exactly this is set of the user from now on. */
  async put(app: AppId, userId: string, details: PutUserBody): Promise<User> {
    return await this.#change(app, userId, () => details);
  }

  /**
   * What is given is changed, `null` takes it away. Throws `not_found` as `get`, and `too_large` where the
   * metadata would be.
   */
  async patch(app: AppId, userId: string, change: PatchUserBody): Promise<User> {
    return await this.#change(app, userId, (before) => {
      if (before === undefined) throw notFound('user');
      const { version: _version, ...details } = before.details ?? { version: 0 };
      const changed: UserDetails = Object.fromEntries(Object.entries(mergePatch(details, change)));
      if (JSON.stringify(changed.metadata ?? {}).length > maxUserMetadataLength) {
        throw new BelfryError('too_large', {
          message: `It may have ${maxUserMetadataLength} characters as JSON.`,
          path: ['metadata'],
        });
      }
      return changed;
    });
  }

  async #change(
    app: AppId,
    userId: string,
    make: (before: UserProfile | undefined) => { [F in keyof UserDetails]?: UserDetails[F] | undefined },
  ): Promise<User> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const before = await this.#find(app, userId);
      const ifVersion = before?.details?.version ?? 0;
      const details: UserDetails = Object.fromEntries(
        Object.entries(make(before)).filter(([, value]) => value !== undefined),
      );
      if (await this.#store.putDetails(app, userId, { details, ifVersion })) return await this.get(app, userId);
    }
    throw new BelfryError('overloaded');
  }

  async #find(app: AppId, userId: string): Promise<UserProfile | undefined> {
    return (await this.#store.get(app, [userId])).get(userId);
  }
}

function view({ userId, name, avatar, details, roles, lastSeenAt }: UserProfile): User {
  const { locale, timeZone, metadata } = details ?? {};
  const seen = lastSeenAt === undefined ? undefined : new Date(lastSeenAt).toISOString();
  const known = { name, avatar, locale, timeZone, metadata, roles: roles && [...roles], lastSeenAt: seen };
  const said: Omit<User, 'userId'> = Object.fromEntries(
    Object.entries(known).filter(([, value]) => value !== undefined),
  );
  return { userId, ...said };
}

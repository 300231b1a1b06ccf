// End users in memory. Not their push targets (devices.ts), nor their connections: presence.

import type { AppId } from '../../../ports/app-id.ts';
import type {
  Page,
  PageRequest,
  SeenUser,
  UserDetails,
  UserProfile,
  UserStore,
  Versioned,
} from '../../../ports/stores/index.ts';
import { foldText, searchTexts } from '../search-texts.ts';
import type { Synchronous } from '../synchronous.ts';
import { foundPlaceOf, isListed, readFoundPlace } from '../user-list.ts';

interface Entry {
  seen: SeenUser;
  details?: Versioned<UserDetails>;
}

export class MemoryUsers implements Synchronous<UserStore> {
  readonly #apps = new Map<AppId, Map<string, Entry>>();

  get(app: AppId, userIds: readonly string[]): Map<string, UserProfile> {
    return new Map(
      userIds.flatMap((userId) => {
        const entry = this.#of(app).get(userId);
        return entry === undefined ? [] : [[userId, profileOf(entry)] as const];
      }),
    );
  }

  merge(app: AppId, seen: readonly SeenUser[]): void {
    for (const one of seen) {
      const entry = this.#of(app).get(one.userId);
      const before = entry?.seen;
      const given = Object.entries(one).filter(([, value]) => value !== undefined);
      const merged: SeenUser = { ...before, userId: one.userId, ...Object.fromEntries(given) };
      for (const stamp of ['lastSeenAt', 'signedOutAt'] as const) {
        const newest = Math.max(before?.[stamp] ?? -1, one[stamp] ?? -1);
        if (newest >= 0) merged[stamp] = newest;
      }
      this.#of(app).set(one.userId, { ...entry, seen: merged });
    }
  }

  putDetails(app: AppId, userId: string, { details, ifVersion }: { details: UserDetails; ifVersion: number }): boolean {
    const entry = this.#of(app).get(userId);
    if ((entry?.details?.version ?? 0) !== ifVersion) return false;
    const seen = entry?.seen ?? { userId };
    this.#of(app).set(userId, { seen, details: { ...details, version: ifVersion + 1 } });
    return true;
  }

  list(app: AppId, { q = '', after, limit }: PageRequest & { q?: string | undefined }): Page<UserProfile> {
    const folded = foldText(q);
    const all = [...this.#of(app).values()].map(profileOf).filter(isListed);
    const found = all.flatMap((profile) => {
      const { userId, name } = profile;
      if (folded === '') return [{ text: '', userId, profile }];
      const [text] = searchTexts([userId, name])
        .filter((each) => each.startsWith(folded))
        .toSorted();
      return text === undefined ? [] : [{ text, userId, profile }];
    });
    const place = folded === '' ? { text: '', userId: after ?? '' } : readFoundPlace(after);
    const following = found
      .filter(({ text, userId }) => text > place.text || (text === place.text && userId > place.userId))
      .toSorted((a, b) => compare(a.text, b.text) || compare(a.userId, b.userId));
    const page = following.slice(0, limit);
    const last = page.at(-1);
    const next = last && (folded === '' ? last.userId : foundPlaceOf(last));
    return {
      items: page.map(({ profile }) => profile),
      ...(following.length > limit && next !== undefined ? { next } : {}),
    };
  }

  count(app: AppId, { q, most }: { q?: string | undefined; most: number }): number {
    return this.list(app, { q, limit: most }).items.length;
  }

  remove(app: AppId, userId: string, { keepSignOut }: { keepSignOut: boolean }): boolean {
    const entry = this.#of(app).get(userId);
    const signedOutAt = entry?.seen.signedOutAt;
    if (keepSignOut && signedOutAt !== undefined) this.#of(app).set(userId, { seen: { userId, signedOutAt } });
    else this.#of(app).delete(userId);
    return entry !== undefined;
  }

  #of(app: AppId): Map<string, Entry> {
    const found = this.#apps.get(app) ?? new Map<string, Entry>();
    this.#apps.set(app, found);
    return found;
  }
}

function profileOf({ seen, details }: Entry): UserProfile {
  const { name, avatar } = details ?? {};
  return {
    ...seen,
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(details === undefined ? {} : { details }),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

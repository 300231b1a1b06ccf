// Profiles of end users. Not the texts by which they are found (user-texts.ts), nor their devices:
// devices.ts.

import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Page, PageRequest, SeenUser, UserDetails, UserProfile, UserStore } from '../../../ports/stores/index.ts';
import { foldText } from '../search-texts.ts';
import { foundPlaceOf, isListed, readFoundPlace, type FoundPlace } from '../user-list.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { toProfile, users, type KnownOfUser, type UserDocument } from './user-document.ts';
import { foundBy, UserTexts, userTexts } from './user-texts.ts';

/** Of somebody of whom nothing is known but when they were signed out. */
const allButSignOut = { name: '', avatar: '', roles: '', lastSeenAt: '', details: '' };
const bare = { version: 0, isListed: false };

/** Rows of one question; some lead to nobody. */
const foundAtOnce = 100;
const countedAtOnce = 1000;

export class MongoUsers implements UserStore {
  readonly #users: Collection<UserDocument>;
  readonly #texts: UserTexts;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#users = new Collection(connection, users);
    this.#texts = new UserTexts(new Collection(connection, userTexts));
    this.#clock = clock;
  }

  async get(app: AppId, userIds: readonly string[]): Promise<Map<string, UserProfile>> {
    const found = await this.#documents(app, userIds);
    return new Map([...found].map(([userId, document]) => [userId, toProfile(document)]));
  }

  /**
   * Visits change no name and are many: they are one write. So are users who were never here. All else is a
   * change of one user.
   */
  async merge(app: AppId, seen: readonly SeenUser[]): Promise<void> {
    const before = await this.#documents(
      app,
      seen.map(({ userId }) => userId),
    );
    const times = new Map<string, number>();
    for (const { userId } of seen) times.set(userId, (times.get(userId) ?? 0) + 1);
    const [visits, newcomers, others]: [SeenUser[], SeenUser[], SeenUser[]] = [[], [], []];
    for (const one of seen) {
      const document = before.get(one.userId);
      const isOnce = times.get(one.userId) === 1;
      if (isOnce && document === undefined) newcomers.push(one);
      else if (isOnce && document?.isListed === true && keepsName(document, one)) visits.push(one);
      else others.push(one);
    }
    await this.#visit(app, visits);
    await this.#begin(app, newcomers);
    for (const one of others) {
      await this.#change(app, one.userId, () => changeBy(one));
    }
  }

  putDetails(
    app: AppId,
    userId: string,
    { details, ifVersion }: { details: UserDetails; ifVersion: number },
  ): Promise<boolean> {
    return this.#change(app, userId, (before) => {
      if ((before?.version ?? 0) !== ifVersion) return undefined;
      return { set: { details: JSON.stringify(details), version: ifVersion + 1 }, max: {} };
    });
  }

  async list(
    app: AppId,
    { q = '', after, limit }: PageRequest & { q?: string | undefined },
  ): Promise<Page<UserProfile>> {
    const beginning = foldText(q);
    if (beginning !== '') return this.#search(app, beginning, { after, limit });
    const from = after === undefined ? {} : { userId: trusted({ $gt: after }) };
    const found = await this.#users.find(
      { app, isListed: true, ...from },
      {
        sort: { userId: 1 },
        limit: limit + 1,
      },
    );
    const items = found.slice(0, limit).map(toProfile);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { next: last.userId } : {}) };
  }

  async remove(app: AppId, userId: string, { keepSignOut }: { keepSignOut: boolean }): Promise<boolean> {
    // Before the user: who is not there any more is not looked for again, and has to leave nothing.
    await this.#texts.dropAll(app, userId);
    const isRemoved = await untilUncontended(this.#clock, () => this.#tryRemove(app, userId, keepSignOut));
    // A name that was given meanwhile.
    await this.#texts.dropAll(app, userId);
    return isRemoved;
  }

  async count(app: AppId, { q = '', most }: { q?: string | undefined; most: number }): Promise<number> {
    const beginning = foldText(q);
    if (beginning === '') return await this.#users.count({ app, isListed: true }, most);
    let count = 0;
    let after: string | undefined;
    do {
      const { items, next } = await this.#search(app, beginning, {
        after,
        limit: Math.min(countedAtOnce, most - count),
      });
      count += items.length;
      after = next;
    } while (after !== undefined && count < most);
    return count;
  }

  /** Undefined where the user was changed meanwhile. */
  async #tryRemove(app: AppId, userId: string, keepSignOut: boolean): Promise<boolean | undefined> {
    const document = await this.#users.findOne({ app, userId });
    if (document === undefined) return false;
    const { signedOutAt, revision } = document;
    const isSame = { app, userId, revision, signedOutAt: signedOutAt ?? trusted({ $exists: false }) };
    const isDone =
      keepSignOut && signedOutAt !== undefined
        ? (await this.#users.update(isSame, { $unset: allButSignOut, $set: bare, $inc: { revision: 1 } })).matched > 0
        : (await this.#users.remove(isSame)) > 0;
    return isDone ? true : undefined;
  }

  async #documents(app: AppId, userIds: readonly string[]): Promise<Map<string, UserDocument>> {
    if (userIds.length === 0) return new Map();
    const found = await this.#users.find({ app, userId: trusted({ $in: [...userIds] }) });
    return new Map(found.map((document) => [document.userId, document]));
  }

  /** Users who are listed, and keep their names: each change is right whatever else is changed meanwhile. */
  async #visit(app: AppId, visits: readonly SeenUser[]): Promise<void> {
    const operations = visits.map((one) => {
      const { set, max } = changeBy(one);
      // A write needs something to write.
      const update = { $set: { isListed: true, ...set }, ...withMax(max) };
      return { updateOne: { filter: { app, userId: one.userId, isListed: true }, update } };
    });
    const { matched } = await this.#users.batch(operations);
    if (matched === visits.length) return;
    // Somebody was removed meanwhile, and is here again.
    for (const one of visits) await this.#change(app, one.userId, () => changeBy(one));
  }

  /** Users of whom nothing is stored. */
  async #begin(app: AppId, newcomers: readonly SeenUser[]): Promise<void> {
    const made = newcomers.map((one) => stateAfter(app, one.userId, { before: undefined, change: changeBy(one) }));
    await this.#texts.add(made.filter(({ fields }) => fields.isListed).map(({ named }) => named));
    const documents = made.map(({ known, fields }) => ({ app, ...known, ...fields }));
    const { taken } = await this.#users.batch(documents.map((document) => ({ insertOne: { document } })));
    // Another node has met them meanwhile.
    for (const one of taken.flatMap((at) => newcomers.slice(at, at + 1)))
      await this.#change(app, one.userId, () => changeBy(one));
  }

  /** Of one user. False where `decide`, who sees how they are, wants none. */
  #change(
    app: AppId,
    userId: string,
    decide: (before: UserDocument | undefined) => UserChange | undefined,
  ): Promise<boolean> {
    return untilUncontended(this.#clock, async () => {
      const before = await this.#users.findOne({ app, userId });
      const change = decide(before);
      if (change === undefined) return false;
      const { known, fields, named } = stateAfter(app, userId, { before, change });
      const isNamedAnew = fields.isListed && !(before?.isListed === true && toProfile(before).name === named.name);
      if (isNamedAnew) await this.#texts.add([named]);
      const isSame = { app, userId, revision: before?.revision ?? 0 };
      // Visits go on meanwhile: what they change is left alone, or grows.
      const update = { $set: { ...change.set, ...fields }, ...withMax(change.max) };
      const isDone =
        before === undefined
          ? await this.#users.insert({ app, ...known, ...fields })
          : (await this.#users.update(isSame, update)).matched > 0;
      if (!isDone) return undefined;
      if (isNamedAnew) await this.#texts.dropBefore(named);
      return true;
    });
  }

  async #search(app: AppId, beginning: string, { after, limit }: PageRequest): Promise<Page<UserProfile>> {
    const items: UserProfile[] = [];
    let place = readFoundPlace(after);
    let lastTaken: FoundPlace | undefined;
    for (;;) {
      const rows = await this.#texts.find(app, beginning, { after: place, limit: foundAtOnce });
      const documents = await this.#documents(
        app,
        rows.map(({ userId }) => userId),
      );
      for (const { text, userId } of rows) {
        place = { text, userId };
        const document = documents.get(userId);
        if (document === undefined) continue;
        const profile = toProfile(document);
        if (!isListed(profile) || foundBy(profile, beginning) !== text) continue;
        if (items.length === limit) return { items, ...(lastTaken && { next: foundPlaceOf(lastTaken) }) };
        items.push(profile);
        lastTaken = place;
      }
      if (rows.length < foundAtOnce) return { items };
    }
  }
}

/** Whether it says nothing that others would find the user by. */
function keepsName(document: UserDocument, { name }: SeenUser): boolean {
  return name === undefined || name === document.name;
}

interface UserChange {
  set: Partial<Pick<UserDocument, 'name' | 'avatar' | 'roles' | 'details' | 'version'>>;
  /** What only grows. */
  max: Partial<Pick<UserDocument, 'lastSeenAt' | 'signedOutAt'>>;
}

function changeBy({ name, avatar, roles, lastSeenAt, signedOutAt }: SeenUser): UserChange {
  return {
    set: {
      ...(name !== undefined && { name }),
      ...(avatar !== undefined && { avatar }),
      ...(roles !== undefined && { roles: JSON.stringify(roles) }),
    },
    max: { ...(lastSeenAt !== undefined && { lastSeenAt }), ...(signedOutAt !== undefined && { signedOutAt }) },
  };
}

function withMax(max: UserChange['max']): { $max?: UserChange['max'] } {
  return Object.keys(max).length > 0 ? { $max: max } : {};
}

function knownAfter(userId: string, before: UserDocument | undefined, { set, max }: UserChange): KnownOfUser {
  const known: KnownOfUser = { version: 0, ...before, userId, ...set };
  for (const stamp of ['lastSeenAt', 'signedOutAt'] as const) {
    const newest = Math.max(known[stamp] ?? -1, max[stamp] ?? -1);
    if (newest >= 0) known[stamp] = newest;
  }
  return known;
}

/** How a user is after a change, and by what they are found. */
function stateAfter(
  app: AppId,
  userId: string,
  { before, change }: { before: UserDocument | undefined; change: UserChange },
) {
  const known = knownAfter(userId, before, change);
  const profile = toProfile(known);
  const revision = (before?.revision ?? 0) + 1;
  return {
    known,
    fields: { revision, isListed: isListed(profile) },
    named: { app, userId, name: profile.name, revision },
  };
}

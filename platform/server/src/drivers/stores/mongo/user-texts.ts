// The texts under which users are found. Rows may tell of a name that is no longer theirs, or never was,
// where a process ended in between: whoever finds somebody by a row compares it with the user. A row that
// should be there is there before the name is.

import type { AppId } from '../../../ports/app-id.ts';
import { searchTexts } from '../search-texts.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import { declareCollection } from './declaration.ts';
import { inBatches } from './in-batches.ts';

export interface UserTextDocument {
  app: string;
  text: string;
  userId: string;
  /** The newest state of the user that has this text. */
  revision: number;
}

export const userTexts = declareCollection<UserTextDocument>(
  'user_texts',
  { app: String, text: String, userId: String, revision: Number },
  [{ key: { app: 1, text: 1, userId: 1 }, unique: true }, { key: { app: 1, userId: 1, revision: 1 } }],
);

export interface Named {
  app: AppId;
  userId: string;
  name: string | undefined;
  revision: number;
}

/** After every text that begins as the one before it. */
const lastLetter = '\u{10FFFF}';

export class UserTexts {
  readonly #texts: Collection<UserTextDocument>;

  constructor(texts: Collection<UserTextDocument>) {
    this.#texts = texts;
  }

  /** Before the users have these revisions. */
  async add(named: readonly Named[]): Promise<void> {
    const operations = named.flatMap(({ app, userId, name, revision }) =>
      searchTexts([userId, name]).map((text) => ({
        updateOne: { filter: { app, text, userId }, update: { $max: { revision } }, upsert: true },
      })),
    );
    await inBatches(this.#texts, operations);
  }

  /** When the user has this revision: what was of earlier ones alone. */
  async dropBefore({ app, userId, revision }: Omit<Named, 'name'>): Promise<void> {
    await this.#texts.removeMany({ app, userId, revision: trusted({ $lt: revision }) });
  }

  async dropAll(app: AppId, userId: string): Promise<void> {
    await this.#texts.removeMany({ app, userId });
  }

  /** That begin with it, behind this place, by text and user. */
  find(
    app: AppId,
    beginning: string,
    { after, limit }: { after: { text: string; userId: string }; limit: number },
  ): Promise<Stored<UserTextDocument>[]> {
    const filter = {
      app,
      text: trusted({ $gte: beginning, $lt: beginning + lastLetter }),
      $or: [{ text: trusted({ $gt: after.text }) }, { text: after.text, userId: trusted({ $gt: after.userId }) }],
    } as Filter<UserTextDocument>;
    return this.#texts.find(filter, { sort: { text: 1, userId: 1 }, limit });
  }
}

/** Of several words that fit, the one by which somebody is found. */
export function foundBy(user: { userId: string; name?: string }, beginning: string): string | undefined {
  return searchTexts([user.userId, user.name])
    .filter((text) => text.startsWith(beginning))
    .toSorted()[0];
}

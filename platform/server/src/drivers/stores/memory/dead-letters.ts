// Jobs that were given up, in memory. Not when one is.

import { inboxStream } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  DeadLetterRecord,
  DeadLetterStore,
  Erased,
  EraseRequest,
  Page,
  PageRequest,
} from '../../../ports/stores/index.ts';
import { placeOf, readPlace } from '../dead-letter-place.ts';
import { withoutUser } from '../erase-user.ts';
import type { Synchronous } from '../synchronous.ts';

export class MemoryDeadLetters implements Synchronous<DeadLetterStore> {
  /** By app, then by id. */
  readonly #apps = new Map<AppId, Map<string, DeadLetterRecord>>();

  put(app: AppId, letters: readonly DeadLetterRecord[]): void {
    for (const letter of letters) if (!this.#of(app).has(letter.id)) this.#of(app).set(letter.id, letter);
  }

  get(app: AppId, id: string): DeadLetterRecord | undefined {
    return this.#of(app).get(id);
  }

  list(app: AppId, { after, limit, label }: PageRequest & { label?: string | undefined }): Page<DeadLetterRecord> {
    const place = readPlace(after);
    const found = this.#latestFirst(app)
      .filter((letter) => label === undefined || letter.label === label)
      .filter(({ diedAt, id }) => diedAt < place.diedAt || (diedAt === place.diedAt && id < place.id));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
  }

  remove(app: AppId, id: string): boolean {
    return this.#of(app).delete(id);
  }

  count(app: AppId): number {
    return this.#of(app).size;
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    const old = this.#latestFirst(app).filter(({ diedAt }) => diedAt < beforeMs);
    const gone = old.toReversed().slice(0, limit);
    for (const { id } of gone) this.#of(app).delete(id);
    return gone.length;
  }

  trim(app: AppId, keep: number, limit: number): number {
    const gone = this.#latestFirst(app).slice(keep).toReversed().slice(0, limit);
    for (const { id } of gone) this.#of(app).delete(id);
    return gone.length;
  }

  erase(app: AppId, { userId }: EraseRequest): Erased {
    let erased = 0;
    for (const letter of this.#of(app).values()) {
      const payload = withoutUser(letter.payload, userId);
      const error = letter.error.includes(userId) ? '' : letter.error;
      const isGone = payload === undefined || letter.id.includes(`/${inboxStream(userId)}`);
      if (isGone) this.#of(app).delete(letter.id);
      else if (JSON.stringify(payload) === JSON.stringify(letter.payload) && error === letter.error) continue;
      else this.#of(app).set(letter.id, { ...letter, payload, error });
      erased += 1;
    }
    return { erased };
  }

  /** Over all apps. */
  get total(): number {
    return [...this.#apps.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #of(app: AppId): Map<string, DeadLetterRecord> {
    const found = this.#apps.get(app) ?? new Map<string, DeadLetterRecord>();
    this.#apps.set(app, found);
    return found;
  }

  #latestFirst(app: AppId): DeadLetterRecord[] {
    return [...this.#of(app).values()].sort((a, b) => b.diedAt - a.diedAt || (a.id < b.id ? 1 : -1));
  }
}

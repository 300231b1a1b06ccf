// The user whose messages wait. Until there is a token, as on a page that was loaded offline, they are taken
// for those of the user who was signed in last on this browser.
import type { Auth } from '../auth.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import type { KeyValue, Surroundings } from '../types.ts';

export interface QueueOwnerDeps {
  app: string;
  /** Where the user who was signed in last on this browser is kept. */
  lastUserKey: string;
  auth: Pick<Auth, 'userId'>;
  store: Pick<SnapshotStore, 'get'>;
  surroundings: Pick<Surroundings, 'keyValue'>;
}

export class QueueOwner {
  readonly #app: string;
  readonly #lastUserKey: string;
  readonly #auth: QueueOwnerDeps['auth'];
  readonly #store: QueueOwnerDeps['store'];
  readonly #keyValue: KeyValue;
  /** As it was written last, so that it is written once. */
  #recorded: string | undefined;

  constructor({ app, lastUserKey, auth, store, surroundings }: QueueOwnerDeps) {
    this.#app = app;
    this.#lastUserKey = lastUserKey;
    this.#auth = auth;
    this.#store = store;
    this.#keyValue = surroundings.keyValue;
  }

  /** App and user as one text; undefined while nobody is known. Stays while the connection is away. */
  current(): string | undefined {
    const userId = this.#auth.userId();
    if (userId === undefined) {
      if (this.#store.get().status === 'signed_out') this.forget();
    } else if (userId !== this.#recorded) {
      this.#recorded = userId;
      this.#keyValue.set(this.#lastUserKey, userId);
    }
    const owner = userId ?? this.#keyValue.get(this.#lastUserKey);
    return owner === null ? undefined : `${this.#app}:${owner}`;
  }

  /** The owner is only the user of the last time; who it is now is not known yet. */
  isPresumed(): boolean {
    return this.#auth.userId() === undefined;
  }

  /** Somebody else may be signed in from now on. */
  forget(): void {
    this.#recorded = undefined;
    this.#keyValue.remove(this.#lastUserKey);
  }
}

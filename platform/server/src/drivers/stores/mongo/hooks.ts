// Inbound webhooks: hooks, and the installation's ids of them. Not what came in: hook-deliveries.ts.

import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { HookDirectory, HookRecord, HookStore } from '../../../ports/stores/index.ts';
import { allOf, bodyOf, type WithBody } from './body.ts';
import { Collection } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { untilUncontended } from './contention.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, type VersionedDocument } from './versioned-put.ts';

interface HookDocument extends WithBody, VersionedDocument {
  app: string;
  id: string;
}

interface HookIdDocument {
  id: string;
  app: string;
}

export const hooks = declareCollection<HookDocument>(
  'hooks',
  { app: String, id: String, version: Number, putId: String, body: String },
  [{ key: { app: 1, id: 1 }, unique: true }],
);

/** Looked up before the app is known. */
export const hookIds = declareCollection<HookIdDocument>('hook_ids', { id: String, app: String }, [
  { key: { id: 1 }, unique: true },
]);

export class MongoHooks implements HookStore {
  readonly #hooks: Collection<HookDocument>;

  constructor(connection: MongoConnection) {
    this.#hooks = new Collection(connection, hooks);
  }

  list(app: AppId): Promise<HookRecord[]> {
    return allOf(this.#hooks, { app }, 'id');
  }

  async get(app: AppId, id: string): Promise<HookRecord | undefined> {
    const found = await this.#hooks.findOne({ app, id });
    return found && bodyOf(found);
  }

  put(app: AppId, hook: HookRecord): Promise<boolean> {
    const fields = { body: JSON.stringify(hook) };
    return putVersioned(this.#hooks, { key: { app, id: hook.id }, fields, ifVersion: hook.version - 1 });
  }

  async remove(app: AppId, id: string): Promise<boolean> {
    return (await this.#hooks.remove({ app, id })) > 0;
  }
}

export class MongoHookDirectory implements HookDirectory {
  readonly #ids: Collection<HookIdDocument>;
  readonly #clock: Clock;

  constructor(connection: MongoConnection, clock: Clock) {
    this.#ids = new Collection(connection, hookIds);
    this.#clock = clock;
  }

  async appOf(id: string): Promise<AppId | undefined> {
    const found = await this.#ids.findOne({ id });
    return found && asAppId(found.app);
  }

  claim(id: string, app: AppId): Promise<AppId> {
    return untilUncontended(this.#clock, async () =>
      (await this.#ids.insert({ id, app })) ? app : await this.appOf(id),
    );
  }

  async release(id: string, app: AppId): Promise<void> {
    await this.#ids.remove({ id, app });
  }
}

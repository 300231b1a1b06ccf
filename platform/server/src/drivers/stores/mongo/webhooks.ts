// Webhooks that leave: the webhooks and their health. Not the events: webhook-events.ts.

import type { AppId } from '../../../ports/app-id.ts';
import type { WebhookHealth, WebhookRecord, WebhookStore } from '../../../ports/stores/outbound.ts';
import { allOf, bodyOf, type WithBody } from './body.ts';
import { Collection, trusted } from './collection.ts';
import type { MongoConnection } from './connection.ts';
import { declareCollection } from './declaration.ts';
import { putVersioned, replacing, type VersionedDocument } from './versioned-put.ts';

interface WebhookDocument extends WithBody, VersionedDocument {
  app: string;
  id: string;
  /** JSON. */
  health?: string;
}

export const webhooks = declareCollection<WebhookDocument>(
  'webhooks',
  { app: String, id: String, version: Number, putId: String, body: String, health: String },
  [{ key: { app: 1, id: 1 }, unique: true }],
);

export class MongoWebhooks implements WebhookStore {
  readonly #webhooks: Collection<WebhookDocument>;

  constructor(connection: MongoConnection) {
    this.#webhooks = new Collection(connection, webhooks);
  }

  list(app: AppId): Promise<WebhookRecord[]> {
    return allOf(this.#webhooks, { app }, 'id');
  }

  async get(app: AppId, id: string): Promise<WebhookRecord | undefined> {
    const found = await this.#webhooks.findOne({ app, id });
    return found && bodyOf(found);
  }

  put(app: AppId, webhook: WebhookRecord): Promise<boolean> {
    const fields = { body: JSON.stringify(webhook) };
    return putVersioned(this.#webhooks, { key: { app, id: webhook.id }, fields, ifVersion: webhook.version - 1 });
  }

  async remove(app: AppId, id: string): Promise<boolean> {
    return (await this.#webhooks.remove({ app, id })) > 0;
  }

  async health(app: AppId): Promise<ReadonlyMap<string, WebhookHealth>> {
    const found = await this.#webhooks.find({ app, health: trusted({ $exists: true }) }, { only: ['id', 'health'] });
    return new Map(found.map(({ id, health = '{}' }) => [id, JSON.parse(health) as WebhookHealth]));
  }

  async putHealth(app: AppId, id: string, health: WebhookHealth): Promise<void> {
    await this.#webhooks.update({ app, id }, replacing({ health: JSON.stringify(health) }));
  }
}

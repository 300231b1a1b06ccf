// How the lists of users change beside messages: who was added or removed, what a conversation is called now.
// Publishing it to connections is broadcasting/list-publisher.ts.

import type { ConversationRemovalReason } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Participant } from '../ports/stores/index.ts';

export type ListChange = RowsAdded | RowsChanged | RowsRemoved;

/** The conversation is in the lists of these users from now on. */
export interface RowsAdded {
  type: 'added';
  conversationId: string;
  userIds: readonly string[];
}

/** For all who are in it now, but those who were added. What is given was changed; null: it was taken away. */
export interface RowsChanged {
  type: 'changed';
  conversationId: string;
  title?: string | null | undefined;
  metadata?: Record<string, unknown> | null | undefined;
  participants?: ParticipantChanges | undefined;
}

export interface ParticipantChanges {
  added: readonly Participant[];
  /** User ids. */
  removed: readonly string[];
  /** Of another role, or other metadata, than before. */
  changed: readonly Participant[];
}

export interface RowsRemoved {
  type: 'removed';
  conversationId: string;
  userIds: readonly string[];
  reason: ConversationRemovalReason;
}

/** Resolves when connections were reached, or can't be; does not reject. */
export type PublishListChange = (app: AppId, change: ListChange) => Promise<void>;

/** Hands on what stands in the store, in order, to the one who publishes it. */
export class ListChanges {
  #publish: PublishListChange = () => Promise.resolve();

  /** Set once, by compose: what publishes is put together after what changes. */
  onChange(publish: PublishListChange): void {
    this.#publish = publish;
  }

  async participants(app: AppId, conversationId: string, participants: ParticipantChanges): Promise<void> {
    const { added, removed, changed } = participants;
    if (added.length + removed.length + changed.length === 0) return;
    await this.#publish(app, { type: 'changed', conversationId, participants });
    if (added.length > 0)
      await this.#publish(app, { type: 'added', conversationId, userIds: added.map(({ userId }) => userId) });
    if (removed.length > 0)
      await this.#publish(app, { type: 'removed', conversationId, userIds: removed, reason: 'removed' });
  }

  async publish(app: AppId, change: ListChange): Promise<void> {
    await this.#publish(app, change);
  }
}

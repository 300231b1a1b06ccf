// Publishes how the lists of conversations change beside messages: a row that is new, another title or other
// participants, a row that is gone. What changes is decided in conversations.

import { isBelfryError, maxNamedParticipants, type EventAction, type EventData } from '@belfry/protocol';
import type { Conversations } from '../conversations/conversations.ts';
import type {
  ListChange,
  ParticipantChanges,
  PublishListChange,
  RowsAdded,
  RowsChanged,
} from '../conversations/list-changes.ts';
import { viewParticipant } from '../conversations/views.ts';
import type { FanOut } from '../delivery/fan-out.ts';
import type { AppId } from '../ports/app-id.ts';
import type { DeliveryTarget } from '../ports/delivery.ts';
import type { Surroundings } from '../ports/surroundings.ts';

type ListAction = Extract<EventAction, 'conversation_added' | 'conversation_changed' | 'conversation_removed'>;

export interface ListPublisherDeps {
  conversations: Pick<Conversations, 'rowsOf'>;
  fanOut: Pick<FanOut, 'publish'>;
  participantsOf: (app: AppId, conversationId: string) => Promise<readonly string[]>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export class ListPublisher {
  readonly #deps: ListPublisherDeps;

  constructor(deps: ListPublisherDeps) {
    this.#deps = deps;
  }

  /**
   * The change stands already: an event that cannot be published is logged, and clients find it when they
   * read anew.
   */
  readonly publish: PublishListChange = async (app, change) => {
    try {
      await this.#publish(app, change);
    } catch (error) {
      // It went, or somebody left it, meanwhile; that is a change of its own.
      if (isBelfryError(error) && error.code === 'not_found') return;
      const { conversationId } = change;
      this.#deps.surroundings.log.warn('a change of lists could not be published', { app, conversationId, err: error });
    }
  };

  async #publish(app: AppId, change: ListChange): Promise<void> {
    switch (change.type) {
      case 'added':
        await this.#added(app, change);
        break;
      case 'changed':
        await this.#changed(app, change);
        break;
      case 'removed': {
        const { conversationId, userIds, reason } = change;
        this.#send(app, conversationId, {
          action: 'conversation_removed',
          data: { conversationId, reason },
          to: { users: userIds },
          members: userIds,
        });
      }
    }
  }

  async #added(app: AppId, { conversationId, userIds }: RowsAdded): Promise<void> {
    for (const row of await this.#deps.conversations.rowsOf(app, conversationId, userIds)) {
      this.#send(app, conversationId, {
        action: 'conversation_added',
        data: { conversation: row.entry },
        to: { users: row.userIds },
        members: row.userIds,
      });
    }
  }

  async #changed(app: AppId, change: RowsChanged): Promise<void> {
    const { conversationId, title, metadata, participants } = change;
    this.#send(app, conversationId, {
      action: 'conversation_changed',
      data: {
        conversationId,
        ...(title === undefined ? {} : { title }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(participants === undefined ? {} : { participants: named(participants) }),
      },
      // New participants get the row instead.
      to: { conversation: conversationId, exclude: participants?.added.map(({ userId }) => userId) },
      members: await this.#deps.participantsOf(app, conversationId),
    });
  }

  #send<A extends ListAction>(
    app: AppId,
    conversationId: string,
    what: { action: A; data: EventData<A>; to: DeliveryTarget; members: readonly string[] },
  ): void {
    const { fanOut, surroundings } = this.#deps;
    const { action, data, to, members } = what;
    const timestamp = new Date(surroundings.clock.now()).toISOString();
    fanOut.publish(
      app,
      {
        event: { action, conversationId, timestamp, data },
        rule: { action, realtime: 'all' },
        to,
        sender: 'like_anybody',
      },
      members,
    );
  }
}

/** So many that an event stays small: whoever wants all of them reads the participants. */
function named({ added, removed, changed }: ParticipantChanges): EventData<'conversation_changed'>['participants'] {
  const all = added.length + removed.length + changed.length;
  const ofRest = maxNamedParticipants - removed.length;
  const ofChanged = ofRest - added.length;
  return {
    removed: removed.slice(0, maxNamedParticipants),
    added: added.slice(0, Math.max(0, ofRest)).map(viewParticipant),
    changed: changed.slice(0, Math.max(0, ofChanged)).map(viewParticipant),
    ...(all > maxNamedParticipants ? { more: true } : {}),
  };
}

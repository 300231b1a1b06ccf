// Who is in one topic: kept from what the server says, and told to handlers whole and with what has changed. Asking
// the server is topics.ts.
import type { EventData, TopicMember } from '@belfry/protocol';
import { createListeners } from './listeners.ts';
import type { TopicPresence, Unsubscribe } from './types.ts';

export interface TopicMembers {
  /** The handler is called at once where it is known who is there. */
  add: (handler: (who: TopicPresence) => unknown) => Unsubscribe;
  isWanted: () => boolean;
  take: (said: EventData<'topic_presence'>) => void;
  /** It is not known any more. Handlers are told when it is known again. */
  forget: () => void;
}

export function createTopicMembers(report: (error: unknown) => void): TopicMembers {
  const handlers = createListeners<TopicPresence>(report);
  let count = 0;
  let known: { members: ReadonlyMap<string, TopicMember>; hasMore: boolean } | undefined;

  return {
    add(handler) {
      const tell = (who: TopicPresence): void => {
        const result = handler(who);
        if (result instanceof Promise) result.catch(report);
      };
      const end = handlers.add(tell);
      count += 1;
      if (known) {
        const members = [...known.members.values()];
        tell({ members, joined: members, left: [], hasMore: known.hasMore });
      }
      return () => {
        end();
        count -= 1;
      };
    },
    isWanted: () => count > 0,
    forget: () => (known = undefined),
    take({ members, joined = [], left = [], hasMore }) {
      // Of a list that is not there any more.
      if (!members && !known) return;
      const before = known?.members ?? new Map<string, TopicMember>();
      const now = members ? byUser(members) : new Map([...before, ...byUser(joined)]);
      for (const { userId } of left) now.delete(userId);
      known = { members: now, hasMore };
      handlers.emit({
        members: [...now.values()],
        joined: without(now, before),
        left: without(before, now),
        hasMore,
      });
    },
  };
}

function byUser(members: readonly TopicMember[]): Map<string, TopicMember> {
  return new Map(members.map((member) => [member.userId, member]));
}

function without(all: ReadonlyMap<string, TopicMember>, some: ReadonlyMap<string, TopicMember>): TopicMember[] {
  return [...all.values()].filter(({ userId }) => !some.has(userId));
}

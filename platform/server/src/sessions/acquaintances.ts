// The users whose presence a session may get: people it shares a conversation with, unless its page's policy
// says everyone. Reading presence: user-states.ts.
import type { AppId } from '../ports/app-id.ts';
import type { ConversationStore } from '../ports/stores/conversations.ts';
import type { Session } from './session.ts';

export class Acquaintances {
  readonly #conversations: Pick<ConversationStore, 'sharing'>;

  constructor(conversations: Pick<ConversationStore, 'sharing'>) {
    this.#conversations = conversations;
  }

  /** The users of `userIds` whose presence the session may get; always its own user. */
  async knownTo(session: Session, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (seesEveryone(session)) return new Set(userIds);
    const { app, userId } = session;
    const others = userIds.filter((asked) => asked !== userId);
    const known = others.length === 0 ? [] : await this.#conversations.sharing(app, userId, others);
    return new Set([userId, ...known]);
  }

  /** The sessions that may get the user's presence: one question, however many they are. */
  async whoKnows(app: AppId, userId: string, sessions: readonly Session[]): Promise<readonly Session[]> {
    const inQuestion = new Set(
      sessions.filter((session) => !isKnownAnyway(session, userId)).map((each) => each.userId),
    );
    if (inQuestion.size === 0) return sessions;
    const known = await this.#conversations.sharing(app, userId, [...inQuestion]);
    return sessions.filter((session) => isKnownAnyway(session, userId) || known.has(session.userId));
  }
}

function isKnownAnyway(session: Session, userId: string): boolean {
  return session.userId === userId || seesEveryone(session);
}

function seesEveryone({ page }: Session): boolean {
  return page.policy.presence === 'everyone';
}

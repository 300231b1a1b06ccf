// The members of conversations, kept at hand per node and dropped on a hint when they changed. Changing them
// is participants.ts.

import { notFound } from '@belfry/protocol';
import { controlTopic } from '../caching/control-topic.ts';
import { NearCache } from '../caching/near-cache.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConversationStore, Participant } from '../ports/stores/index.ts';

/** The participants of one version of a conversation. Shared between callers: nobody changes it. */
export interface Audience {
  version: number;
  participants: readonly Participant[];
  userIds: readonly string[];
  roleOf(userId: string): string | undefined;
}

/** Over all cached conversations: bounds memory at some 100 bytes each. */
const maxCachedParticipants = 1_000_000;
/** A hint that was lost is forgiven after this long. */
const maxAgeMs = 10_000;

export class Audiences {
  readonly #store: Pick<ConversationStore, 'participants'>;
  readonly #cache: NearCache<Audience | undefined, { app: AppId; conversationId: string }>;

  constructor(deps: {
    store: Pick<ConversationStore, 'participants'>;
    bus: Pick<Bus, 'control'>;
    clock: Pick<Clock, 'monotonic'>;
  }) {
    this.#store = deps.store;
    this.#cache = new NearCache<Audience | undefined, { app: AppId; conversationId: string }>({
      clock: deps.clock,
      // Ids come from clients: an unknown one is not remembered.
      maxAgeMs: (audience) => (audience === undefined ? 0 : maxAgeMs),
      maxSize: maxCachedParticipants,
      sizeOf: (audience) => 1 + (audience?.userIds.length ?? 0),
      changes: {
        topic: controlTopic(deps.bus, 'participants_changed'),
        keyOf: ({ app, conversationId }) => keyOf(app, conversationId),
      },
    });
  }

  /** Undefined when there is no such conversation. */
  get(app: AppId, conversationId: string): Promise<Audience | undefined> {
    return this.#cache.get(keyOf(app, conversationId), () => this.#read(app, conversationId));
  }

  /** The audience that is cached and fresh, without waiting. */
  peek(app: AppId, conversationId: string): Audience | undefined {
    return this.#cache.peek(keyOf(app, conversationId));
  }

  /**
   * Rejects with `not_found` alike for a conversation that is not there and for a viewer who is not in it.
   * Without a viewer (an API key) for the first.
   */
  async requireMember(app: AppId, conversationId: string, viewer: string | undefined): Promise<Audience> {
    const audience = await this.get(app, conversationId);
    if (audience === undefined || (viewer !== undefined && audience.roleOf(viewer) === undefined))
      throw notFound('conversation');
    return audience;
  }

  /** It changed here: forgets it, on every node. Resolves when the others were reached, or can't be. */
  changed(app: AppId, conversationId: string): Promise<void> {
    return this.#cache.changed({ app, conversationId });
  }

  /** Called when it changed on another node. */
  onChanged(listen: (app: AppId, conversationId: string) => void): void {
    this.#cache.onHeard(({ app, conversationId }) => listen(app, conversationId));
  }

  async #read(app: AppId, conversationId: string): Promise<Audience | undefined> {
    const found = await this.#store.participants(app, conversationId);
    if (found === undefined) return undefined;
    const roles = new Map(found.participants.map(({ userId, role }) => [userId, role]));
    return {
      version: found.version,
      participants: found.participants,
      userIds: [...roles.keys()],
      roleOf: (userId) => roles.get(userId),
    };
  }
}

function keyOf(app: AppId, conversationId: string): string {
  return `${app} ${conversationId}`;
}

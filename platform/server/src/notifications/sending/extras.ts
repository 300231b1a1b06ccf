// The parts of a notification that cost a look at something else, for the providers that show them: the number
// of unread messages, and the address of a picture. Its text is content.ts.
import type { MessageType, ProviderSupports, PushNotification } from '@belfry/plugin-kit';
import type { AppId } from '../../ports/app-id.ts';
import type { StoredMessage, UserProfile } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { ttlLeftSeconds } from './retry-policy.ts';

export interface ExtrasDeps {
  /** How many messages the user has not read, in all conversations. */
  unreadOf: (app: AppId, userId: string) => Promise<number>;
  /** An address of an upload that anybody can read until then; undefined where there is none. */
  fileLink: (app: AppId, uploadId: string, expiresAtMs: number) => string | undefined;
  messageType: (id: string) => Partial<Pick<MessageType, 'uploads'>> | undefined;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

export interface ExtrasOf {
  userId: string;
  newest: StoredMessage;
  senders: ReadonlyMap<string, UserProfile>;
  supports: ProviderSupports;
}

/** Fetched by a phone when it shows the notification, or by a service before that. */
const shortestLinkMs = 15 * 60_000;
const longestLinkMs = 24 * 3_600_000;
/** A number on an icon has no more digits than that anywhere. */
const mostBadge = 99_999;
const longestUrlChars = 2_000;

export class Extras {
  readonly #deps: ExtrasDeps;
  /** A user's devices are sent to side by side: counted once for all of them. */
  readonly #counting = new WeakMap<StoredMessage, Map<string, Promise<number | undefined>>>();

  constructor(deps: ExtrasDeps) {
    this.#deps = deps;
  }

  /** Never rejects: a notification without a number is better than none. */
  async of(app: AppId, about: ExtrasOf): Promise<Pick<PushNotification, 'badge' | 'imageUrl'>> {
    const { supports } = about;
    const badge = supports.badge === true ? await this.#badge(app, about) : undefined;
    const imageUrl = supports.image === true ? this.#image(app, about) : undefined;
    return { ...(badge === undefined ? {} : { badge }), ...(imageUrl === undefined ? {} : { imageUrl }) };
  }

  #badge(app: AppId, { userId, newest }: ExtrasOf): Promise<number | undefined> {
    const known = this.#counting.get(newest) ?? new Map<string, Promise<number | undefined>>();
    this.#counting.set(newest, known);
    const counting = known.get(userId) ?? this.#count(app, userId).finally(() => known.delete(userId));
    known.set(userId, counting);
    return counting;
  }

  async #count(app: AppId, userId: string): Promise<number | undefined> {
    const { unreadOf, surroundings } = this.#deps;
    try {
      return Math.min(await unreadOf(app, userId), mostBadge);
    } catch (error) {
      surroundings.log.debug('unread messages not counted for a push', { app, userId, err: error });
      return undefined;
    }
  }

  #image(app: AppId, { newest, senders }: ExtrasOf): string | undefined {
    const { senderId } = newest;
    return (
      this.#pictureOf(app, newest) ?? secureUrl(senderId === undefined ? undefined : senders.get(senderId)?.avatar)
    );
  }

  /** A plugin's code on contents of any age: what it throws must not cost the push. */
  #pictureOf(app: AppId, message: StoredMessage): string | undefined {
    const { fileLink, messageType, surroundings } = this.#deps;
    const { type, content } = message.data;
    if (typeof type !== 'string') return undefined;
    try {
      const references = messageType(type)?.uploads?.(content) ?? [];
      const picture = references.find(({ types }) => types.every((each) => each.startsWith('image/')));
      if (picture === undefined) return undefined;
      const nowMs = surroundings.clock.now();
      const lifeMs = Math.max(shortestLinkMs, ttlLeftSeconds(message, nowMs) * 1000);
      return secureUrl(fileLink(app, picture.uploadId, nowMs + Math.min(lifeMs, longestLinkMs)));
    } catch {
      return undefined;
    }
  }
}

/** Phones load pictures by https alone. */
function secureUrl(text: string | undefined): string | undefined {
  const isSecure = text !== undefined && text.length <= longestUrlChars && /^https:\/\//i.test(text);
  return isSecure && URL.canParse(text) ? text : undefined;
}

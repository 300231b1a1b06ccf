// Whether a user may read a stream: the inbox is its owner's, a conversation its participants'. What of it is
// addressed to them is addressing.ts.

import { inboxStream, isVisitor, parseStream } from '@belfry/protocol';
import type { Audiences } from '../conversations/audiences.ts';
import type { AppId } from '../ports/app-id.ts';

export class MayRead {
  readonly #audiences: Pick<Audiences, 'get' | 'peek'>;

  constructor(audiences: Pick<Audiences, 'get' | 'peek'>) {
    this.#audiences = audiences;
  }

  readonly mayRead = async (app: AppId, stream: string, userId: string): Promise<boolean> => {
    const parsed = parseStream(stream);
    if (parsed === undefined) return false;
    if (parsed.type === 'inbox') return parsed.userId === userId;
    return (await this.#audiences.get(app, parsed.conversationId))?.roleOf(userId) !== undefined;
  };

  /** The same where the answer is at hand; undefined where it is not. */
  readonly mayReadNow = (app: AppId, stream: string, userId: string): boolean | undefined => {
    if (stream.startsWith('c:')) {
      const audience = this.#audiences.peek(app, stream.slice(2));
      return audience === undefined ? undefined : audience.roleOf(userId) !== undefined;
    }
    return stream === inboxStream(userId) && !isVisitor(userId) ? true : undefined;
  };
}

// Finds messages of conversations by their words, sender and time, and shows them. Which words a text has:
// ports/stores/search-terms.ts; what is found: the store.

import { BelfryError, type Message as WireMessage } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import { askedTermsOf } from '../ports/stores/search-terms.ts';
import type { MessageStore } from '../ports/stores/index.ts';
import type { Audiences } from './audiences.ts';
import { viewMessage } from './views.ts';

export interface SearchQuery {
  q?: string | undefined;
  conversationId?: string | undefined;
  senderId?: string | undefined;
  viewer?: string | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
  after?: string | undefined;
  limit: number;
}

export class Search {
  readonly #deps: { store: Pick<MessageStore, 'search'>; audiences: Pick<Audiences, 'requireMember'> };

  constructor(deps: { store: Pick<MessageStore, 'search'>; audiences: Pick<Audiences, 'requireMember'> }) {
    this.#deps = deps;
  }

  /** Newest first; a page may be short and have a `next`. Throws `not_found` as reading the conversation does. */
  async find(app: AppId, { q, ...query }: SearchQuery): Promise<{ messages: WireMessage[]; next?: string }> {
    const { store, audiences } = this.#deps;
    const { conversationId, viewer } = query;
    if (conversationId !== undefined) await audiences.requireMember(app, conversationId, viewer);
    const terms = q === undefined ? [] : askedTermsOf(q);
    if (q !== undefined && terms.length === 0)
      throw new BelfryError('bad_request', { message: 'There is no word in it.', path: ['q'] });
    const { items, next } = await store.search(app, { ...query, terms });
    const messages = items.map((message) => viewMessage(message.conversationId ?? '', message));
    return { messages, ...(next === undefined ? {} : { next }) };
  }
}

// The stage in which the app may have its say: its webhook is asked before a message is accepted, and may let
// it in, keep it out or change what it says. Calling the webhook: outbound/before-messages.ts.

import { conversationStream, inboxStream, type BeforeVerdict, type BroadcastRequest } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { MessageStore } from '../ports/stores/index.ts';
import type { Origin, ValidBroadcast, Validator } from './validate.ts';

/** A message that is about to be accepted. */
export interface BeforeQuestion {
  /** `edit`: it is there, and is to say something else. */
  change: 'new' | 'edit';
  messageId: string;
  kind: string;
  action: string;
  conversationId?: string | undefined;
  senderId?: string | undefined;
  via: Origin['via'];
  /** It is what people write to each other, as opposed to notices of systems. */
  isOfPeople: boolean;
  data: Readonly<Record<string, unknown>>;
}

/** What was answered, as the journey keeps it. */
export interface BeforeOutcome {
  webhookId: string;
  verdict: BeforeVerdict;
  ms: number;
}

/**
 * Undefined at once where nobody is to be asked. `apply` takes content in the place of what was sent: it
 * throws for content that cannot be accepted, which then counts as no answer. Rejects with
 * `message_rejected`, or with `unavailable` where no answer can be had and the app wants none let in without.
 */
export type AskBefore = <T>(
  app: AppId,
  question: BeforeQuestion,
  apply: (content: Record<string, unknown>) => Promise<T>,
) => Promise<{ outcome?: BeforeOutcome; changed?: T }> | undefined;

export interface BeforeStageDeps {
  ask: AskBefore;
  validator: Pick<Validator, 'validate'>;
  messages: Pick<MessageStore, 'byCid'>;
}

export interface Asked {
  broadcast: ValidBroadcast;
  before?: BeforeOutcome;
}

export class BeforeStage {
  readonly #deps: BeforeStageDeps;

  constructor(deps: BeforeStageDeps) {
    this.#deps = deps;
  }

  /**
   * Undefined at once where nobody is to be asked. Rejects as AskBefore. Without an outcome nobody was asked
   * after all.
   */
  run(app: AppId, request: BroadcastRequest, broadcast: ValidBroadcast): Promise<Asked> | undefined {
    if (broadcast.row.durable === false) return undefined;
    const { id: messageId, row, audience, senderId, origin, data } = broadcast;
    const question: BeforeQuestion = {
      ...{ change: 'new', messageId, kind: row.kind, action: row.action, senderId, via: origin.via, data },
      ...('conversation' in audience ? { conversationId: audience.conversation } : {}),
      isOfPeople: row.carries === 'message' && data['type'] !== 'system',
    };
    const asking = this.#deps.ask(app, question, (content) => this.#changed(app, { request, broadcast, content }));
    return asking && this.#unlessKnown(app, { request, broadcast }, asking);
  }

  async #unlessKnown(
    app: AppId,
    { request, broadcast }: { request: BroadcastRequest; broadcast: ValidBroadcast },
    asking: NonNullable<ReturnType<AskBefore>>,
  ): Promise<Asked> {
    try {
      const { outcome, changed } = await asking;
      const asked = (changed as ValidBroadcast | undefined) ?? broadcast;
      return { broadcast: asked, ...(outcome === undefined ? {} : { before: outcome }) };
    } catch (error) {
      // A message that was accepted is sent again: whatever is said of it now, it is there.
      if (request.idempotencyKey !== undefined && (await this.#isThere(app, broadcast))) return { broadcast };
      throw error;
    }
  }

  async #isThere(app: AppId, { audience, senderId, cid }: ValidBroadcast): Promise<boolean> {
    const [user] = 'users' in audience ? audience.users : [];
    const stream = 'conversation' in audience ? conversationStream(audience.conversation) : user && inboxStream(user);
    if (stream === undefined) return false;
    return (await this.#deps.messages.byCid(app, stream, { senderId, cid })) !== undefined;
  }

  /** As it will be stored. It stays the same request: sent again, it is found by what its sender sent. */
  async #changed(
    app: AppId,
    {
      request,
      broadcast,
      content,
    }: { request: BroadcastRequest; broadcast: ValidBroadcast; content: Record<string, unknown> },
  ): Promise<ValidBroadcast> {
    const data = broadcast.row.carries === 'message' ? { ...request.data, content } : content;
    const { id, cid, bodyHash, origin } = broadcast;
    return { ...(await this.#deps.validator.validate(app, { ...request, data }, origin)), id, cid, bodyHash };
  }
}

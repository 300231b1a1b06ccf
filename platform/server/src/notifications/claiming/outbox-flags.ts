// Takes the outbox flags off messages that owe no push any more, many at a time. A flag that stays by mistake
// only costs redelivery a look.
import type { AppId } from '../../ports/app-id.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageStore, StoredMessage } from '../../ports/stores/index.ts';

type Place = Pick<StoredMessage, 'stream' | 'seq'>;

export interface OutboxFlagsDeps {
  messages: Pick<MessageStore, 'clearOutbox'>;
  log: Log;
}

export class OutboxFlags {
  readonly #messages: OutboxFlagsDeps['messages'];
  readonly #log: Log;
  #waiting = new Map<AppId, Place[]>();
  #flushing: Promise<void> | undefined;

  constructor({ messages, log }: OutboxFlagsDeps) {
    this.#messages = messages;
    this.#log = log;
  }

  clear(app: AppId, { stream, seq }: Place): void {
    const places = this.#waiting.get(app) ?? [];
    places.push({ stream, seq });
    this.#waiting.set(app, places);
    this.#flushing ??= Promise.resolve().then(() => this.#work());
  }

  /** Resolves when all that were to be cleared before are cleared or given up. */
  async flush(): Promise<void> {
    await this.#flushing;
  }

  /** One call of the store at a time: what comes meanwhile goes together with the next. */
  async #work(): Promise<void> {
    while (this.#waiting.size > 0) {
      const batch = this.#waiting;
      this.#waiting = new Map();
      for (const [app, places] of batch) {
        try {
          await this.#messages.clearOutbox(app, places);
        } catch (error) {
          this.#log.debug('outbox flags stay', { app, messages: places.length, err: error });
        }
      }
    }
    this.#flushing = undefined;
  }
}

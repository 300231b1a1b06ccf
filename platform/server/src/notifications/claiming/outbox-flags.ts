// Takes the outbox flags off messages that owe no push any more, many at a time. A flag that stays by mistake only costs the relay a look.
import type { AppId } from '../../ports/app-id.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageStore, StoredMessage } from '../../ports/stores/index.ts';

export interface OutboxFlags {
  clear(app: AppId, message: Pick<StoredMessage, 'stream' | 'seq'>): void;
  /** Resolves when all noted before are settled or given up. */
  flush(): Promise<void>;
}

/** One call of the store at a time: what is noted meanwhile goes together with the next. */
export function createOutboxFlags({
  messages,
  log,
}: {
  messages: Pick<MessageStore, 'clearOutbox'>;
  log: Log;
}): OutboxFlags {
  let noted = new Map<AppId, { stream: string; seq: number }[]>();
  let flushing: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (noted.size > 0) {
      const batch = noted;
      noted = new Map();
      for (const [app, done] of batch) {
        try {
          await messages.clearOutbox(app, done);
        } catch (error) {
          log.debug('outbox flags stay', { app, messages: done.length, error });
        }
      }
    }
    flushing = undefined;
  }

  return {
    clear(app, { stream, seq }) {
      const done = noted.get(app) ?? [];
      done.push({ stream, seq });
      noted.set(app, done);
      flushing ??= Promise.resolve().then(work);
    },
    async flush() {
      await flushing;
    },
  };
}

// The relay's view of what is owed, over all apps in memory. Not the logs: messages.ts.

import type { OutboxStore, OutboxTake, OwedMessage } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import type { MemoryLogs } from './logs.ts';

export function memoryOutbox(logs: MemoryLogs): Synchronous<OutboxStore> {
  return {
    take({ nowMs, limit, leaseMs }: OutboxTake): OwedMessage[] {
      const due = logs
        .apps()
        .flatMap((app) =>
          logs
            .all(app)
            .flat()
            .map((message) => ({ app, message, dueAt: message.outbox?.dueAt ?? Infinity })),
        )
        .filter(({ dueAt }) => dueAt <= nowMs)
        .sort((a, b) => a.dueAt - b.dueAt)
        .slice(0, limit);
      for (const { message } of due) message.outbox = { dueAt: nowMs + leaseMs };
      return due.map(({ app, message }) => ({ app, message }));
    },
  };
}

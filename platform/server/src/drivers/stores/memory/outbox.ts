// The relay's view of what is owed, over all apps in memory. Not the logs: messages.ts.

import { Served } from '../../../concurrency/served.ts';
import type { OutboxStore, OutboxTake, OwedMessage, StoredMessage } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { takeInTurns } from '../take-in-turns.ts';
import type { MemoryLogs } from './logs.ts';

export function memoryOutbox(logs: MemoryLogs): Synchronous<OutboxStore> {
  const served = new Served();
  return {
    take({ nowMs, implausibleFromMs = Infinity, limit, leaseMs }: OutboxTake): OwedMessage[] {
      const isDue = ({ outbox }: StoredMessage): boolean =>
        outbox !== undefined && (outbox.dueAt <= nowMs || outbox.dueAt >= implausibleFromMs);
      const due = logs
        .apps()
        .flatMap((app) =>
          logs
            .all(app)
            .flat()
            .map((message) => ({ app, message, dueAt: message.outbox?.dueAt ?? Infinity })),
        )
        .filter(({ message }) => isDue(message))
        .sort((a, b) => a.dueAt - b.dueAt);
      const take = (of: string, most: number): OwedMessage[] => {
        const mine = due.filter(({ app, message }) => app === of && isDue(message));
        const taken = mine.slice(0, most);
        for (const { message } of taken) message.outbox = { dueAt: nowMs + leaseMs };
        return taken.map(({ app, message }) => ({ app, message }));
      };
      return takeInTurns({ apps: [...new Set(due.map(({ app }) => app))], take, served }, limit);
    },
  };
}

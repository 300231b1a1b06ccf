// Makes the conversations and participants that Belfry must hold before a load begins, over its HTTP API as a
// back end would.
import { createHttpApi } from './load/http-api.ts';

export interface Room {
  id: string;
  users: readonly string[];
}

/** Requests under way at the same time. */
const atOnce = 16;

/** Gives the epoch that all of their logs begin with. */
export async function makeConversations(server: { port: number }, rooms: readonly Room[]): Promise<string> {
  const api = createHttpApi({ port: server.port, atOnce });
  const waiting = rooms.values();
  const epochs = new Set<string>();
  try {
    const workers = Array.from({ length: atOnce }, async () => {
      for (const { id, users } of waiting) {
        const participants = users.map((userId) => ({ userId }));
        const answer = await api.ask('PUT', `/api/v1/conversations/${id}`, { participants });
        epochs.add((answer as { conversation: { epoch: string } }).conversation.epoch);
      }
    });
    await Promise.all(workers);
  } finally {
    api.close();
  }
  const [epoch, other] = epochs;
  if (epoch === undefined || other !== undefined) throw new Error(`epochs: ${[...epochs].join(', ')}`);
  return epoch;
}

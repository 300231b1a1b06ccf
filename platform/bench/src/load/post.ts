// A back end's load: messages over Belfry's HTTP API for a while, one a request or many.
import { eventData } from './event.ts';
import { createHttpApi, type HttpApi } from './http-api.ts';
import type { Posted, PostOrder } from './orders.ts';

/** Rejects when a message is refused. */
export async function post(order: PostOrder): Promise<Posted> {
  const { rooms, batch, ms, atOnce, port } = order;
  const api = createHttpApi({ port, atOnce });
  const startedMs = performance.now();
  let messages = 0;
  const nextRoom = (): string => rooms[messages++ % rooms.length] ?? '';
  try {
    const workers = Array.from({ length: atOnce }, async () => {
      while (performance.now() - startedMs < ms) {
        if (batch === 1) await sendOne(api, order.sender, nextRoom());
        else await sendMany(api, order.sender, Array.from({ length: batch }, nextRoom));
      }
    });
    await Promise.all(workers);
  } finally {
    api.close();
  }
  return { messages, tookMs: performance.now() - startedMs };
}

async function sendOne(api: HttpApi, senderId: string, room: string): Promise<void> {
  await api.ask('POST', `/api/v1/chat/${room}/send`, { senderId, type: 'text', content: eventData() });
}

/** One message into each of the rooms, in one request. */
export async function sendMany(api: HttpApi, sender: string, rooms: readonly string[]): Promise<void> {
  const broadcasts = rooms.map((conversation) => ({
    ...{ kind: 'message', sender, audience: { conversation } },
    data: { type: 'text', content: eventData() },
  }));
  const answer = await api.ask('POST', '/api/v1/broadcasts/batch', { broadcasts });
  const { results } = answer as { results: { seq?: number; code?: string }[] };
  const refused = results.find(({ seq }) => seq === undefined);
  if (refused !== undefined || results.length !== rooms.length)
    throw new Error(`refused: ${refused?.code ?? 'no answer'}`);
}

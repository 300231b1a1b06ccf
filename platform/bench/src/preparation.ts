// What Belfry must hold before a load begins: conversations and who is in them, made over its HTTP API as a back end would.
import { Agent, request } from 'node:http';
import type { RunningServer } from './contenders/contender.ts';
import { apiKey } from './setting.ts';

/** Requests under way at the same time. */
const atOnce = 16;

export interface Room {
  id: string;
  users: readonly string[];
}

/** The epoch that all of their logs begin with. */
export async function makeConversations(server: RunningServer, rooms: readonly Room[]): Promise<string> {
  const api = createApi(server);
  const waiting = rooms.values();
  const epochs = new Set<string>();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const { id, users } of waiting) {
      const answer = await api.ask('PUT', `/api/v1/conversations/${id}`, {
        participants: users.map((userId) => ({ userId })),
      });
      const { conversation } = answer as { conversation: { epoch: string } };
      epochs.add(conversation.epoch);
    }
  });
  await Promise.all(workers);
  api.close();
  const [epoch, other] = epochs;
  if (epoch === undefined || other !== undefined) throw new Error(`epochs: ${[...epochs].join(', ')}`);
  return epoch;
}

export interface Api {
  /** Rejects on any answer but 2xx. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): void;
}

export function createApi({ port }: { port: number }): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  return {
    ask: (method, path, body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? '' : JSON.stringify(body);
        const asking = request({
          ...{ host: '127.0.0.1', port, method, path, agent },
          headers: {
            authorization: `Bearer ${apiKey}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            'content-length': Buffer.byteLength(text),
          },
        });
        asking.on('error', reject);
        asking.on('response', (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => {
            const said = Buffer.concat(chunks).toString('utf8');
            const { statusCode = 0 } = answer;
            if (statusCode < 200 || statusCode > 299)
              reject(new Error(`${method} ${path}: ${statusCode} ${said.slice(0, 300)}`));
            else resolve(said === '' ? undefined : JSON.parse(said));
          });
        });
        asking.end(text);
      }),
    close: () => agent.destroy(),
  };
}

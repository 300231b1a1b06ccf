// Makes a server collect its garbage, in each of its threads, through Node's inspector: the rest is memory
// that it needs.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import type { RunningServer } from '../contenders/contender.ts';

export interface Collector {
  /** Resolves when every thread has collected its garbage. Rejects when the server is gone. */
  collect(): Promise<void>;
  close(): void;
}

/** The flag of Node that a server needs for it: an inspector on a port of its own. */
export const inspectorFlag = '--inspect=127.0.0.1:0';

/** A message of the inspector: an answer has the id of its call, everything else a method. */
interface Sent {
  id?: number;
  method?: string;
  params?: { sessionId: string; message: string };
}

export async function openCollector({ name, logFile }: Pick<RunningServer, 'name' | 'logFile'>): Promise<Collector> {
  const url = /Debugger listening on (ws:\S+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
  if (url === undefined) throw new Error(`${name} was started without ${inspectorFlag}`);
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  /** Sessions of the threads beside the main one. */
  const threads = new Set<string>();
  let calls = 0;
  socket.on('message', (data: Buffer) => take(data.toString()));
  socket.on('error', () => undefined);
  const gone = new Error(`the inspector of ${name} is gone`);
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  });
  await once(socket, 'open');
  await ask('NodeWorker.enable', { waitForDebuggerOnStart: false });

  return {
    async collect() {
      const collect = 'HeapProfiler.collectGarbage';
      await Promise.all([ask(collect), ...[...threads].map((sessionId) => askThread(sessionId, collect))]);
    },
    close: () => socket.terminate(),
  };

  function take(text: string): void {
    const { id, method, params } = JSON.parse(text) as Sent;
    if (id !== undefined) {
      waiting.get(id)?.resolve(undefined);
      waiting.delete(id);
    } else if (params !== undefined) {
      const { sessionId, message } = params;
      if (method === 'NodeWorker.attachedToWorker') threads.add(sessionId);
      else if (method === 'NodeWorker.detachedFromWorker') threads.delete(sessionId);
      else if (method === 'NodeWorker.receivedMessageFromWorker') take(message);
    }
  }

  async function ask(method: string, params: object = {}): Promise<void> {
    const { id, answered } = call();
    socket.send(JSON.stringify({ id, method, params }));
    await answered;
  }

  async function askThread(sessionId: string, method: string): Promise<void> {
    const { id, answered } = call();
    await ask('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method }) });
    await answered;
  }

  function call(): { id: number; answered: Promise<unknown> } {
    if (socket.readyState !== WebSocket.OPEN) throw gone;
    calls += 1;
    const waits = Promise.withResolvers<unknown>();
    waiting.set(calls, waits);
    return { id: calls, answered: waits.promise };
  }
}

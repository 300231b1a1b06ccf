// The harness's end of a load generator, which is a process of its own. The other end: program.ts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AnswerMessage, Answers, Order } from './orders.ts';

export interface Generator {
  ask<T extends Order['type']>(order: Extract<Order, { type: T }>): Promise<Answers[T]>;
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, 'program.ts');

export function startGenerator(): Generator {
  const child = fork(program, { env: { PATH: '/usr/bin:/bin' }, serialization: 'advanced' });
  const exited = once(child, 'exit');
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  child.on('message', (message: AnswerMessage) => {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) asked?.reject(new Error(message.error));
    else asked?.resolve(message.answer);
  });
  void exited.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the load generator ended'));
  });

  return {
    ask: <T extends Order['type']>(order: Extract<Order, { type: T }>) =>
      new Promise<Answers[T]>((resolve, reject) => {
        lastId += 1;
        // The generator answers each order with the type that Answers names for it.
        waiting.set(lastId, { resolve: (answer) => resolve(answer as Answers[T]), reject });
        // The channel may close before the order is written.
        child.send({ id: lastId, order }, (error) => {
          if (error !== null) reject(error);
        });
      }),
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

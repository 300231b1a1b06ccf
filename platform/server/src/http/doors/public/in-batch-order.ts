// The order in which a batch of broadcasts is carried out: many at once, but those to the same conversation,
// user, topic or to everyone get their places as they stand in the list. Carrying one out is the caller's.

import * as z from 'zod';
import type { Origin } from '../../../broadcasting/validate.ts';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';

interface Turn {
  /** Its place among those that follow is certain. */
  queued: Promise<unknown>;
  /** It and all before it are done. */
  done: Promise<unknown>;
}

/** Of one batch: its items wait here for their turn. The queue of a store has a time limit. */
const atOnce = 32;

/** An item that has the key of another begins when that one is done. */
export async function inBatchOrder<T>(
  items: readonly unknown[],
  run: (item: unknown, index: number, turn: Pick<Origin, 'comesUp' | 'after' | 'onQueued'>) => Promise<T>,
): Promise<T[]> {
  const results = new Map<number, T>();
  const last = new Map<string, Turn>();
  const begins = items.map((item, index) => {
    const { receivers, key } = orderOf(item);
    const repeated = key === undefined ? undefined : last.get(key);
    const before = new Set(receivers.flatMap((receiver) => last.get(receiver) ?? []));
    const comesUp = Promise.all([...before].map(({ queued }) => queued));
    const after = Promise.all([...before].map(({ done }) => done));
    const [queued, done] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    // One that is refused at once must not let those behind it pass those before it.
    const onQueued = (): void => queued.resolve(comesUp);
    for (const each of key === undefined ? receivers : [...receivers, key]) {
      last.set(each, { queued: queued.promise, done: done.promise });
    }
    return async (): Promise<void> => {
      try {
        await repeated?.done;
        results.set(index, await run(item, index, { comesUp, after, onQueued }));
      } finally {
        onQueued();
        done.resolve(after);
      }
    };
  });
  // They begin in their order, so that whoever waits for another waits for one that is at work.
  await forEachBounded(begins, atOnce, (begin) => begin());
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}

// An item of another form is refused when it is carried out.
const audienceSchema = z.object({
  audience: z.union([
    z.object({ conversation: z.string() }),
    z.object({ users: z.array(z.string()) }),
    z.object({ topic: z.string() }),
    z.object({ everyone: z.literal(true) }),
  ]),
});
const keySchema = z.object({ idempotencyKey: z.string() });

function orderOf(item: unknown): { receivers: readonly string[]; key: string | undefined } {
  const audience = audienceSchema.safeParse(item).data?.audience;
  const idempotencyKey = keySchema.safeParse(item).data?.idempotencyKey;
  const key = idempotencyKey === undefined ? undefined : `key ${idempotencyKey}`;
  if (audience === undefined) return { receivers: [], key };
  if ('conversation' in audience) return { receivers: [`conversation ${audience.conversation}`], key };
  if ('users' in audience) return { receivers: audience.users.map((userId) => `user ${userId}`), key };
  return { receivers: ['topic' in audience ? `topic ${audience.topic}` : 'everyone'], key };
}

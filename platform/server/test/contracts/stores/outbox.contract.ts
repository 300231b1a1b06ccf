// The contract of the outbox, the relay's view of the logs: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { Stores } from '../../../src/ports/stores/index.ts';
import { newApp, sampleMessage, sampleMessages } from '../../support/samples.ts';

export function outboxContract(stores: () => Stores): void {
  const seqs = (messages: readonly { seq: number }[]): number[] => messages.map(({ seq }) => seq);

  describe('outbox', () => {
    // Long before what other tests leave, so that theirs can't fill the page.
    const take = (nowMs: number, limit: number, leaseMs = 5) => stores().outbox.take({ nowMs, limit, leaseMs });
    const places = (owed: Awaited<ReturnType<typeof take>>) => owed.map(({ app, message }) => [app, message.seq]);

    test('messages that are due are taken, over all apps, until their flag is cleared', async () => {
      const [a, b] = [newApp(), newApp()];
      await stores().messages.append(a, [
        sampleMessage({ seq: 1, outbox: { dueAt: -125 } }),
        sampleMessage({ seq: 2 }),
      ]);
      await stores().messages.append(b, [sampleMessage({ seq: 1, outbox: { dueAt: -140 } })]);
      await stores().messages.append(b, [sampleMessage({ seq: 2, outbox: { dueAt: -110 } })]);
      expect(places(await take(-135, 10))).toEqual([[b, 1]]);
      // The other app has had its turn.
      expect(places(await take(-120, 1))).toEqual([[a, 1]]);
      expect(places(await take(-120, 10))).toEqual([[b, 1]]);
      await stores().messages.clearOutbox(b, [
        { stream: 'c:c1', seq: 1 },
        { stream: 'c:c1', seq: 2 },
        { stream: 'c:c1', seq: 9 },
      ]);
      expect(places(await take(-101, 10))).toEqual([[a, 1]]);
      await stores().messages.clearOutbox(a, [{ stream: 'c:c1', seq: 1 }]);
      expect(await take(-50, 10)).toEqual([]);
    });

    test('apps take turns, however much one of them owes, and one that owes little gets all it is owed', async () => {
      const [greedy, other, third] = [newApp(), newApp(), newApp()];
      const owed = (from: number, to: number, dueAt: number) =>
        sampleMessages(from, to).map((message) => ({ ...message, outbox: { dueAt } }));
      await stores().messages.append(greedy, owed(1, 30, -7900));
      await stores().messages.append(other, owed(1, 2, -7800));
      await stores().messages.append(third, owed(1, 30, -7700));
      const taken = await take(-7600, 12, 1000);
      const seqsOf = (app: string) => places(taken).flatMap(([of, seq]) => (of === app ? [seq] : []));
      expect(seqsOf(greedy)).toEqual([1, 2, 3, 4, 5]);
      expect(seqsOf(other)).toEqual([1, 2]);
      expect(seqsOf(third)).toEqual([1, 2, 3, 4, 5]);
      // One after the other: whoever works through them in this order keeps to the turns.
      expect(new Set(places(taken.slice(0, 3)).map(([app]) => app)).size).toBe(3);
      // Fewer than there are apps: those that were not served are next.
      const first = await take(-7600, 1, 1000);
      const second = await take(-7600, 1, 1000);
      expect(new Set(places([...first, ...second]).map(([app]) => app))).toEqual(new Set([greedy, third]));
      for (const app of [greedy, other, third]) await stores().messages.clearOutbox(app, owed(1, 30, 0));
    });

    test('a message that is owed further ahead than anything is owed is due, since the clock was set back', async () => {
      const app = newApp();
      const [soon, late] = [9_500_000_000_000, 9_600_000_000_000];
      await stores().messages.append(app, [
        sampleMessage({ seq: 1, outbox: { dueAt: soon } }),
        sampleMessage({ seq: 2, outbox: { dueAt: late } }),
      ]);
      const ask = { nowMs: -9500, limit: 10, leaseMs: 5 };
      expect(places(await stores().outbox.take(ask))).toEqual([]);
      expect(places(await stores().outbox.take({ ...ask, implausibleFromMs: late }))).toEqual([[app, 2]]);
      await stores().messages.clearOutbox(app, [
        { stream: 'c:c1', seq: 1 },
        { stream: 'c:c1', seq: 2 },
      ]);
    });

    test('a message that one worker took is taken by no other before the lease is over, and then it is due again', async () => {
      const app = newApp();
      const message = sampleMessage({ seq: 1, outbox: { dueAt: -1000 } });
      await stores().messages.append(app, [message, sampleMessage({ seq: 2, outbox: { dueAt: -990 } })]);
      expect(await take(-995, 10, 50)).toEqual([{ app, message: { ...message, outbox: { dueAt: -945 } } }]);
      expect(places(await take(-950, 10, 1))).toEqual([[app, 2]]);
      expect(places(await take(-945, 10, 50))).toEqual([
        [app, 2],
        [app, 1],
      ]);
      await stores().messages.clearOutbox(app, [{ stream: 'c:c1', seq: 1 }]);
      await stores().messages.remove(app, { stream: 'c:c1', seq: 2 }, { data: {}, deletedAt: 5 });
      expect(await take(-500, 10)).toEqual([]);
    });

    test('of many that take at once each message goes to one', async () => {
      const app = newApp();
      const outbox = { dueAt: -9000 };
      const messages = sampleMessages(1, 30).map((message) => ({ ...message, outbox }));
      await stores().messages.append(app, messages);
      const taken = (await Promise.all(Array.from({ length: 10 }, () => take(-8000, 20, 1000)))).flat();
      expect(seqs(taken.map(({ message }) => message)).toSorted((x, y) => x - y)).toEqual(seqs(messages));
      await stores().messages.clearOutbox(app, messages);
    });
  });
}

// The contract of the bus: each driver must keep it.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AppId } from '../../src/ports/app-id.ts';
import type { Bus } from '../../src/ports/bus.ts';
import type { EventMessage } from '../../src/ports/bus-messages.ts';
import { newApp } from '../support/samples.ts';

export interface BusUnderTest {
  /** Another node on the same transport. */
  connect(node: string): Promise<Bus>;
  dispose(): Promise<void>;
}

/** An event that is recognized by a number. */
const event = (seq: number): EventMessage => ({ type: 'message_stored', stream: 'c:1', seq });

export function busContract(name: string, create: () => Promise<BusUnderTest>): void {
  describe(`bus: ${name}`, () => {
    let made: BusUnderTest[] = [];
    let buses: Bus[] = [];
    afterEach(async () => {
      for (const bus of buses) await bus.close();
      for (const transport of made) await transport.dispose();
      [made, buses] = [[], []];
    });
    const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5000, interval: 5 });
    const nodes = async <N extends readonly string[]>(...names: N): Promise<{ [K in keyof N]: Bus }> => {
      const transport = await create();
      made.push(transport);
      const connected = await Promise.all(names.map((node) => transport.connect(node)));
      buses.push(...connected);
      return connected as { [K in keyof N]: Bus };
    };
    /** The seqs of the events that a node hears of any app, in order. */
    const hear = (bus: Bus): number[] => {
      const heard: number[] = [];
      bus.events.on('message_stored', (_app, { seq }) => heard.push(seq));
      return heard;
    };
    /** Two nodes; the second follows the app. */
    const pair = async (): Promise<{ from: Bus; to: Bus; app: AppId; heard: number[] }> => {
      const [from, to] = await nodes('a', 'b');
      const app = newApp();
      const heard = hear(to);
      await to.events.follow(app);
      return { from, to, app, heard };
    };

    describe('events', () => {
      test('reach all other nodes that follow the app, with the app they are of', async () => {
        const [a, b, c] = await nodes('a', 'b', 'c');
        const app = newApp();
        const heard: unknown[] = [];
        for (const bus of [b, c]) {
          bus.events.on('log_changed', (of, message) => heard.push([bus === b ? 'b' : 'c', of, message]));
          await bus.events.follow(app);
        }
        await a.events.publish(app, { type: 'log_changed', stream: 'c:1' });
        await soon(() => expect(heard).toHaveLength(2));
        const message = expect.objectContaining({ type: 'log_changed', stream: 'c:1' });
        expect(heard).toContainEqual(['b', app, message]);
        expect(heard).toContainEqual(['c', app, message]);
      });

      test('do not reach the node that published them', async () => {
        const { from, app, heard } = await pair();
        const own = hear(from);
        await from.events.follow(app);
        await from.events.publish(app, event(1));
        await soon(() => expect(heard).toEqual([1]));
        expect(own).toEqual([]);
      });

      test('of one app from one node arrive once each, in the order they were published', async () => {
        const { from, app, heard } = await pair();
        const sent = Array.from({ length: 200 }, (_, i) => i);
        await Promise.all(sent.map((seq) => from.events.publish(app, event(seq))));
        await soon(() => expect(heard).toEqual(sent));
      });

      test('reach a node as often as it follows their app more than it has unfollowed it', async () => {
        const { from, to, app, heard } = await pair();
        await from.events.publish(newApp(), event(0));
        await to.events.follow(app);
        await to.events.unfollow(app);
        await from.events.publish(app, event(1));
        await soon(() => expect(heard).toEqual([1]));
        await to.events.unfollow(app);
        const marker = newApp();
        await to.events.follow(marker);
        await from.events.publish(app, event(2));
        await from.events.publish(marker, event(3));
        await soon(() => expect(heard).toEqual([1, 3]));
      });

      test('for named nodes reach no others, and of the named only those that follow the app', async () => {
        const [a, b, c, d] = await nodes('a', 'b', 'c', 'd');
        const app = newApp();
        const [byB, byC, byD] = [hear(b), hear(c), hear(d)];
        for (const bus of [b, c]) await bus.events.follow(app);
        await a.events.publish(app, event(1), ['b', 'd', 'nobody']);
        await a.events.publish(app, event(2), []);
        await a.events.publish(app, event(3));
        await soon(() => expect(byB).toEqual([1, 3]));
        await soon(() => expect(byC).toEqual([3]));
        expect(byD).toEqual([]);
      });
    });

    describe('control messages', () => {
      test('reach all other nodes, which follow nothing, and not the node that published them', async () => {
        const all = await nodes('a', 'b', 'c');
        const app = newApp();
        const heard: unknown[] = [];
        all.forEach((bus, node) =>
          bus.control.on('devices_changed', ({ app: of, userId }) => heard.push([node, of, userId])),
        );
        await all[0].control.publish({ type: 'devices_changed', app, userId: 'alice' });
        await soon(() => expect(heard).toHaveLength(2));
        expect(heard).toContainEqual([1, app, 'alice']);
        expect(heard).toContainEqual([2, app, 'alice']);
      });

      test('and events of one node arrive in the order in which it published them', async () => {
        const { from, to, app } = await pair();
        const heard: string[] = [];
        to.control.on('participants_changed', ({ conversationId }) => heard.push(conversationId));
        to.events.on('log_changed', (_app, { stream }) => heard.push(stream));
        const sent = Array.from({ length: 50 }, (_, i) => [`c${i}`, `c:c${i}`]).flat();
        for (const each of sent) {
          void (each.startsWith('c:')
            ? from.events.publish(app, { type: 'log_changed', stream: each })
            : from.control.publish({ type: 'participants_changed', app, conversationId: each }));
        }
        await soon(() => expect(heard).toEqual(sent));
      });
    });

    test('a message goes to the handler of its type, and one that nobody handles to none', async () => {
      const { from, to, app, heard } = await pair();
      const others: unknown[] = [];
      to.control.on('kinds_changed', (message) => others.push(message.app));
      await from.control.publish({ type: 'pages_changed', app });
      await from.events.publish(app, { type: 'log_changed', stream: 'c:1' });
      await from.control.publish({ type: 'kinds_changed', app });
      await from.events.publish(app, event(1));
      await soon(() => expect(heard).toEqual([1]));
      await soon(() => expect(others).toEqual([app]));
    });

    test('a second handler of one type is refused', async () => {
      const [bus] = await nodes('a');
      bus.control.on('app_changed', () => undefined);
      bus.events.on('log_changed', () => undefined);
      expect(() => bus.control.on('app_changed', () => undefined)).toThrow(/app_changed/);
      expect(() => bus.events.on('log_changed', () => undefined)).toThrow(/log_changed/);
    });

    test('a handler that throws reaches neither the publisher nor what comes after', async () => {
      const { from, to, app, heard } = await pair();
      const defect = (): never => {
        throw new Error('a defect');
      };
      to.events.on('log_changed', defect);
      to.control.on('app_changed', defect);
      await from.events.publish(app, { type: 'log_changed', stream: 'c:1' });
      await from.control.publish({ type: 'app_changed', app });
      await from.events.publish(app, event(1));
      await soon(() => expect(heard).toEqual([1]));
    });

    test('nobody shares objects with the publisher', async () => {
      const { from, to, app } = await pair();
      const heard: unknown[] = [];
      to.events.on('deliveries', (_app, { deliveries }) => heard.push(deliveries.map((each) => each.to)));
      const users = ['alice'];
      const delivery = {
        event: { action: 'announcement', timestamp: '2026-01-01T00:00:00.000Z', data: {} },
        rule: { action: 'announcement', realtime: 'all' as const },
        to: { users },
        sender: 'like_anybody' as const,
      };
      await from.events.publish(app, { type: 'deliveries', deliveries: [delivery] });
      users.push('bob');
      await soon(() => expect(heard).toEqual([[{ users: ['alice'] }]]));
    });

    test('a probe comes back with its round trip while the bus is up', async () => {
      const [bus] = await nodes('a');
      expect(bus.state()).toBe('up');
      expect(await bus.probe(5000)).toBeGreaterThanOrEqual(0);
    });

    test('a node that closed hears nothing, and its publishing rejects', async () => {
      const { from, to, app, heard } = await pair();
      const controls: unknown[] = [];
      to.control.on('app_changed', (message) => controls.push(message));
      await to.close();
      await from.events.publish(app, event(1));
      await from.control.publish({ type: 'app_changed', app });
      await from.close();
      await from.close();
      const refused = { code: 'unavailable' };
      await expect(from.events.publish(app, event(2))).rejects.toMatchObject(refused);
      await expect(from.control.publish({ type: 'app_changed', app })).rejects.toMatchObject(refused);
      expect([heard, controls]).toEqual([[], []]);
    });
  });
}

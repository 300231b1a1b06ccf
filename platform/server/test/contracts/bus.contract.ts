// What every driver of the bus must do.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Bus } from '../../src/ports/bus.ts';
import { newApp } from '../support/samples.ts';

export interface BusUnderTest {
  /** Another node on the same transport. */
  connect(node: string): Promise<Bus>;
  dispose(): Promise<void>;
}

export function busContract(name: string, create: () => Promise<BusUnderTest>): void {
  describe(`bus: ${name}`, () => {
    let made: BusUnderTest[] = [];
    let buses: Bus[] = [];
    const nodes = async (...names: string[]): Promise<Bus[]> => {
      const transport = await create();
      made.push(transport);
      const connected = await Promise.all(names.map((node) => transport.connect(node)));
      buses.push(...connected);
      return connected;
    };
    /** Two nodes; the second follows the app and notes what it hears. */
    const pair = async (): Promise<{ from: Bus; to: Bus; app: ReturnType<typeof newApp>; heard: unknown[] }> => {
      const [from, to] = await nodes('a', 'b');
      if (from === undefined || to === undefined) throw new Error('two nodes were asked for');
      const app = newApp();
      const heard: unknown[] = [];
      to.on('event', (_, body) => heard.push(body));
      await to.follow(app);
      return { from, to, app, heard };
    };
    const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5000, interval: 5 });
    afterEach(async () => {
      for (const bus of buses) await bus.close();
      for (const transport of made) await transport.dispose();
      [made, buses] = [[], []];
    });

    test('what one node publishes the others hear, with the app it is of', async () => {
      const [a, b, c] = await nodes('a', 'b', 'c');
      const app = newApp();
      const heard: unknown[] = [];
      for (const [node, bus] of [
        ['b', b],
        ['c', c],
      ] as const) {
        bus?.on('event', (of, body) => heard.push([node, of, body]));
        await bus?.follow(app);
      }
      await a?.publish(app, { type: 'event', body: { text: 'hi', list: [1, null] } });
      await soon(() => expect(heard).toHaveLength(2));
      expect(heard).toContainEqual(['b', app, { text: 'hi', list: [1, null] }]);
      expect(heard).toContainEqual(['c', app, { text: 'hi', list: [1, null] }]);
    });

    test('the node that published does not hear itself', async () => {
      const { from, app, heard } = await pair();
      const own: unknown[] = [];
      from.on('event', (_, body) => own.push(body));
      await from.follow(app);
      await from.publish(app, { type: 'event', body: 1 });
      await soon(() => expect(heard).toEqual([1]));
      expect(own).toEqual([]);
    });

    test('messages of one app from one node arrive in the order they were published', async () => {
      const { from, app, heard } = await pair();
      const sent = Array.from({ length: 200 }, (_, i) => i);
      await Promise.all(sent.map((body) => from.publish(app, { type: 'event', body })));
      await soon(() => expect(heard).toEqual(sent));
    });

    test('only apps that are followed are heard, as often as they are followed more than unfollowed', async () => {
      const { from, to, app, heard } = await pair();
      await from.publish(newApp(), { type: 'event', body: 'other app' });
      await to.follow(app);
      await to.unfollow(app);
      await from.publish(app, { type: 'event', body: 'still' });
      await soon(() => expect(heard).toEqual(['still']));
      await to.unfollow(app);
      const marker = newApp();
      await to.follow(marker);
      await from.publish(app, { type: 'event', body: 'no more' });
      await from.publish(marker, { type: 'event', body: 'marker' });
      await soon(() => expect(heard).toEqual(['still', 'marker']));
    });

    test('a type goes to its own handler, and one that nobody handles to none', async () => {
      const { from, to, app, heard } = await pair();
      const others: unknown[] = [];
      to.on('other', (_, body) => others.push(body));
      await from.publish(app, { type: 'unknown', body: 0 });
      await from.publish(app, { type: 'other', body: 1 });
      await from.publish(app, { type: 'event', body: 2 });
      await soon(() => expect(heard).toEqual([2]));
      await soon(() => expect(others).toEqual([1]));
    });

    test('a handler that throws reaches neither the publisher nor what comes after', async () => {
      const { from, to, app, heard } = await pair();
      to.on('bad', () => {
        throw new Error('a defect');
      });
      await from.publish(app, { type: 'bad', body: 0 });
      await from.publish(app, { type: 'event', body: 1 });
      await soon(() => expect(heard).toEqual([1]));
    });

    test('nobody shares objects with the publisher', async () => {
      const { from, app, heard } = await pair();
      const body = { list: [1] };
      await from.publish(app, { type: 'event', body });
      body.list.push(2);
      await soon(() => expect(heard).toEqual([{ list: [1] }]));
    });

    test('a probe comes back with its round trip while the bus is up', async () => {
      const [a] = await nodes('a');
      expect(a?.state()).toBe('up');
      expect(await a?.probe(5000)).toBeGreaterThanOrEqual(0);
    });

    test('after a close nothing is heard and publishing rejects', async () => {
      const { from, to, app, heard } = await pair();
      await to.close();
      await from.publish(app, { type: 'event', body: 1 });
      await from.close();
      await from.close();
      await expect(from.publish(app, { type: 'event', body: 2 })).rejects.toMatchObject({ code: 'unavailable' });
      expect(heard).toEqual([]);
    });
  });
}

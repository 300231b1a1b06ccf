// The contract of webhooks that leave and of their events: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { Stores, WebhookAttempt, WebhookEventRecord } from '../../../src/ports/stores/index.ts';
import { newApp, sampleWebhook, sampleWebhookEvent } from '../../support/samples.ts';

export function webhooksContract(stores: () => Stores): void {
  describe('webhooks that leave', () => {
    test('a webhook is put, changed, read, listed and removed; each version once', async () => {
      const app = newApp();
      expect(await stores().webhooks.put(app, sampleWebhook({ version: 2 }))).toBe(false);
      const puts = Array.from({ length: 5 }, () => stores().webhooks.put(app, sampleWebhook()));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
      const changed = sampleWebhook({
        version: 2,
        state: 'paused',
        transform: '$',
        batch: { maxEvents: 2, maxWaitMs: 9 },
      });
      expect(await stores().webhooks.put(app, changed)).toBe(true);
      await stores().webhooks.put(app, sampleWebhook({ id: 'a' }));
      expect(await stores().webhooks.get(app, 'crm')).toEqual(changed);
      expect((await stores().webhooks.list(app)).map(({ id }) => id)).toEqual(['a', 'crm']);
      expect(await stores().webhooks.remove(app, 'crm')).toBe(true);
      expect(await stores().webhooks.remove(app, 'crm')).toBe(false);
      expect(await stores().webhooks.get(app, 'crm')).toBeUndefined();
    });

    test('the health of a webhook outlives a change of it, and goes with it', async () => {
      const app = newApp();
      await stores().webhooks.putHealth(app, 'crm', { failingSince: 1 });
      expect(await stores().webhooks.health(app)).toEqual(new Map());
      await stores().webhooks.put(app, sampleWebhook());
      const health = { failingSince: 5, lastFailure: { at: 7, status: 500 } };
      await stores().webhooks.putHealth(app, 'crm', health);
      await stores().webhooks.put(app, sampleWebhook({ version: 2 }));
      expect(await stores().webhooks.health(app)).toEqual(new Map([['crm', health]]));
      await stores().webhooks.remove(app, 'crm');
      await stores().webhooks.put(app, sampleWebhook());
      expect(await stores().webhooks.health(app)).toEqual(new Map());
    });
  });

  describe('events of webhooks', () => {
    const add = (app: AppId, ...events: Partial<WebhookEventRecord>[]): Promise<void> =>
      stores().webhookEvents.add(app, events.map(sampleWebhookEvent));
    const get = (app: AppId, id: string) => stores().webhookEvents.get(app, 'crm', id);
    const list = async (app: AppId, query: Partial<Parameters<Stores['webhookEvents']['list']>[2]> = {}) =>
      (await stores().webhookEvents.list(app, 'crm', { limit: 10, ...query })).map(({ id }) => id);
    const take = (app: AppId, batch: string, nowMs: number) =>
      stores().webhookEvents.take(app, 'crm', { batch, nowMs, untilMs: nowMs + 50 });

    test('an event is kept whole, once a webhook, and listed without its payload', async () => {
      const app = newApp();
      const attempt: WebhookAttempt = { number: 1, at: 5, ms: 9, status: 500, answer: 'no' };
      const event = sampleWebhookEvent({ id: 'e1', lane: 'c1', attempts: [attempt] });
      await stores().webhookEvents.add(app, [event, { ...event, payload: '{"other":1}' }]);
      await add(app, { id: 'e1', webhookId: 'other' });
      expect(await get(app, 'e1')).toEqual(event);
      const [listed] = await stores().webhookEvents.list(app, 'crm', { limit: 10 });
      const { payload: _, ...rest } = event;
      expect(listed).toEqual(rest);
      expect(await get(app, 'e2')).toBeUndefined();
    });

    test('a list is newest first, in pages, and by state, type and time when asked', async () => {
      const app = newApp();
      await add(
        app,
        { id: 'b', place: '2', createdAt: 20, type: 'message.read' },
        { id: 'a', place: '1', createdAt: 10, state: 'failed' },
        { id: 'c', place: '3', createdAt: 30 },
      );
      expect(await list(app)).toEqual(['c', 'b', 'a']);
      expect(await list(app, { limit: 1, before: '3' })).toEqual(['b']);
      expect(await list(app, { state: 'failed' })).toEqual(['a']);
      expect(await list(app, { state: 'failed', before: '1' })).toEqual([]);
      expect(await list(app, { type: 'message.read' })).toEqual(['b']);
      expect(await list(app, { fromMs: 10, toMs: 30 })).toEqual(['b', 'a']);
      expect(await stores().webhookEvents.counts(app, 'crm')).toEqual({ waiting: 2, failed: 1 });
    });

    test('of several that take a request one gets it, and the others hear when it is due again', async () => {
      const app = newApp();
      await add(app, { id: 'b', place: '2', batch: 'r1', dueAt: 10 }, { id: 'a', place: '1', batch: 'r1', dueAt: 10 });
      expect(await take(app, 'r1', 9)).toEqual({ events: [], dueAt: 10 });
      const taken = await Promise.all([10, 10, 10].map((nowMs) => take(app, 'r1', nowMs)));
      const got = taken.filter(({ events }) => events.length > 0);
      expect(got.map(({ events }) => events.map(({ id }) => id))).toEqual([['a', 'b']]);
      expect(taken.filter(({ dueAt }) => dueAt === 60)).toHaveLength(2);
      expect(got[0]?.events[0]?.payload).toBe('{}');
      expect(await take(app, 'none', 10)).toEqual({ events: [] });
      expect((await take(app, 'r1', 60)).events).toHaveLength(2);
    });

    test('what ends ends for all of its request that waits, with the attempt, of which the newest 20 stay', async () => {
      const app = newApp();
      await add(app, { id: 'a', batch: 'r1' }, { id: 'b', batch: 'r1', state: 'skipped' }, { id: 'c', batch: 'r2' });
      const finish = (number: number, ending: { state: 'waiting' | 'delivered'; dueAt?: number; endedAt?: number }) =>
        stores().webhookEvents.finish(app, 'crm', { batch: 'r1', ...ending, attempt: { number, at: 1, ms: 1 } });
      for (let number = 1; number <= 21; number += 1) await finish(number, { state: 'waiting', dueAt: number });
      expect(await get(app, 'a')).toMatchObject({ state: 'waiting', dueAt: 21, tries: 21 });
      await finish(22, { state: 'delivered', endedAt: 77 });
      await finish(23, { state: 'waiting', dueAt: 1 });
      const ended = await get(app, 'a');
      expect(ended).toMatchObject({ state: 'delivered', endedAt: 77 });
      expect(ended).not.toHaveProperty('dueAt');
      expect([ended?.attempts.length, ended?.attempts[0]?.number, ended?.attempts.at(-1)?.number]).toEqual([20, 3, 22]);
      expect([(await get(app, 'b'))?.attempts, (await get(app, 'c'))?.attempts]).toEqual([[], []]);
    });

    test('events in no request are gathered into one, the oldest first, and none twice', async () => {
      const app = newApp();
      await add(app, ...['3', '1', '2'].map((id) => ({ id, place: id })));
      await add(app, { id: '0', place: '0', state: 'failed' });
      expect(await stores().webhookEvents.gather(app, 'crm', { batch: 'r1', limit: 2 })).toBe(2);
      expect(await stores().webhookEvents.gather(app, 'crm', { batch: 'r2', limit: 2 })).toBe(1);
      expect(await stores().webhookEvents.gather(app, 'crm', { batch: 'r3', limit: 2 })).toBe(0);
      expect((await take(app, 'r1', 1e9)).events.map(({ id }) => id)).toEqual(['1', '2']);
    });

    test('the first of a lane is the oldest that waits in it', async () => {
      const app = newApp();
      await add(
        app,
        { id: 'a', place: '1', batch: 'a', lane: 'c1', state: 'delivered' },
        { id: 'c', place: '3', batch: 'c', lane: 'c1' },
        { id: 'b', place: '2', batch: 'b', lane: 'c1' },
        { id: 'z', place: '0', batch: 'z', lane: 'c2' },
      );
      expect(await stores().webhookEvents.first(app, 'crm', 'c1')).toEqual({ batch: 'b' });
      expect(await stores().webhookEvents.first(app, 'crm', 'c3')).toBeUndefined();
    });

    test('events that ended are opened again, those that wait are given up, so many at most', async () => {
      const app = newApp();
      await add(
        app,
        { id: 'a', state: 'failed', endedAt: 4, place: '1', tries: 9 },
        { id: 'b', place: '2' },
        { id: 'c', place: '3' },
      );
      expect(await stores().webhookEvents.reopen(app, 'crm', { ids: ['a', 'b', 'x'], nowMs: 50 })).toBe(1);
      expect(await get(app, 'a')).toMatchObject({ state: 'waiting', dueAt: 50, tries: 0 });
      expect(await get(app, 'a')).not.toHaveProperty('endedAt');
      expect(await stores().webhookEvents.giveUp(app, 'crm', { nowMs: 60, limit: 2 })).toBe(2);
      expect(await get(app, 'b')).toMatchObject({ state: 'failed', endedAt: 60 });
      expect(await stores().webhookEvents.giveUp(app, 'crm', { nowMs: 60, limit: 2 })).toBe(1);
    });

    test('events that wait until later are woken, so many at most', async () => {
      const app = newApp();
      await add(app, { id: 'a', dueAt: 900 }, { id: 'b', dueAt: 900 }, { id: 'c', dueAt: 3 });
      await add(app, { id: 'd', state: 'failed' });
      expect(await stores().webhookEvents.wake(app, 'crm', { nowMs: 50, limit: 1 })).toBe(1);
      expect(await stores().webhookEvents.wake(app, 'crm', { nowMs: 50, limit: 5 })).toBe(1);
      expect(await stores().webhookEvents.wake(app, 'crm', { nowMs: 50, limit: 5 })).toBe(0);
      const dueOf = async (id: string) => (await get(app, id))?.dueAt;
      expect([await dueOf('a'), await dueOf('b'), await dueOf('c')]).toEqual([50, 50, 3]);
    });

    test('what is overdue is named once a request, over all apps, the longest overdue first', async () => {
      const [app, other] = [newApp(), newApp()];
      await add(app, { id: 'a', batch: 'r1', dueAt: -40 }, { id: 'b', batch: 'r1', dueAt: -30 });
      await add(app, { id: 'c', batch: 'r2', dueAt: -5 }, { id: 'd', batch: 'r3', dueAt: -90, state: 'failed' });
      await add(other, { id: 'e', dueAt: -50 });
      const found = (await stores().webhookRelay.overdue(-10, 100)).filter((each) => [app, other].includes(each.app));
      expect(found).toEqual([
        { app: other, webhookId: 'crm', dueAt: -50 },
        { app, webhookId: 'crm', batch: 'r1', dueAt: -40 },
      ]);
      expect(await stores().webhookRelay.overdue(-10, 1)).toHaveLength(1);
    });

    test('pruning and trimming take the oldest of an app, removing takes those of a webhook', async () => {
      const app = newApp();
      await add(app, ...[3, 1, 2, 4].map((createdAt) => ({ id: `e${createdAt}`, place: `p${createdAt}`, createdAt })));
      await add(app, { id: 'x', webhookId: 'other', place: 'p5', createdAt: 5 });
      expect(await stores().webhookEvents.prune(app, 3, 1)).toBe(1);
      expect(await list(app)).toEqual(['e4', 'e3', 'e2']);
      expect(await stores().webhookEvents.trim(app, 3, 9)).toBe(1);
      expect(await list(app)).toEqual(['e4', 'e3']);
      expect(await stores().webhookEvents.removeOf(app, 'crm', 1)).toBe(1);
      expect(await stores().webhookEvents.removeOf(app, 'crm', 9)).toBe(1);
      expect(await stores().webhookEvents.get(app, 'other', 'x')).toBeDefined();
    });
  });
}

// Takes notifications off a user's devices again once their messages were read, where the provider can. Best effort: nothing here is retried for long.
import { z } from 'zod';
import type { AppId } from '../../ports/app-id.ts';
import type { Log } from '../../ports/log.ts';
import type { Job, JobResult, Queue } from '../../ports/queue.ts';
import type { CursorStore, Device, DeviceStore } from '../../ports/stores/index.ts';
import { collapseKeyOf } from './collapse-key.ts';
import type { PushProvider, PushProviders } from '../needs.ts';
import { deliveryIdOf } from '../push-job.ts';

export const clearQueue = 'push_clear';

const payloadSchema = z.object({
  stream: z.string(),
  userId: z.string(),
  pushed: z.int().nonnegative(),
  /** Of the next call. */
  attempt: z.int().positive().default(1),
});

/** A notification that stays is a nuisance, not a loss. */
const mostAttempts = 3;
const againMs = 5_000;

export interface Clearing {
  /** A user has read a stream up to `seq`. Queues the clearing when all that was notified is read now. */
  onRead(app: AppId, userId: string, at: { stream: string; seq: number }): Promise<void>;
  run(job: Job): Promise<JobResult>;
}

interface ClearingDeps {
  cursors: Pick<CursorStore, 'get'>;
  devices: Pick<DeviceStore, 'ofUsers'>;
  providers: Pick<PushProviders, 'providers'>;
  queue: Pick<Queue, 'add'>;
  log: Log;
  signal: AbortSignal;
}

export function createClearing({ cursors, devices, providers, queue, log, signal }: ClearingDeps): Clearing {
  async function clearers(app: AppId): Promise<readonly PushProvider[]> {
    return (await providers.providers(app)).filter(
      (provider) => provider.state === 'on' && provider.clear !== undefined,
    );
  }

  async function clearOn(app: AppId, device: Device, of: ClearOf): Promise<boolean> {
    const { id: deviceId, userId, deviceType: type, target, locale, timeZone } = device;
    const clearing = {
      id: deliveryIdOf(of.id, deviceId),
      app,
      userId,
      device: { id: deviceId, type, target, locale, timeZone },
      collapseKey: collapseKeyOf(app, { stream: of.stream, userId }),
    };
    const outcome = await of.provider.clear?.(clearing, { signal, attempt: of.attempt });
    return outcome?.outcome !== 'retry';
  }

  return {
    async onRead(app, userId, { stream, seq }) {
      if ((await clearers(app)).length === 0) return;
      const pushed = (await cursors.get(app, stream, [userId])).get(userId)?.pushed ?? 0;
      // Read in part: what is left of the notification is still true.
      if (pushed === 0 || pushed > seq) return;
      // One clearing a claim: reading on and on adds nothing.
      const id = JSON.stringify([app, stream, userId, pushed]);
      await queue.add(clearQueue, [{ id, app, payload: { stream, userId, pushed } }]);
    },
    async run({ id, app, payload }) {
      const parsed = payloadSchema.safeParse(payload);
      if (!parsed.success) {
        log.error('clear job cannot be read', { app, job: id, reason: parsed.error.message });
        return { done: true };
      }
      const { stream, userId, pushed, attempt } = parsed.data;
      // A newer notification has taken the place of the one that was read.
      const cursor = (await cursors.get(app, stream, [userId])).get(userId);
      if (cursor !== undefined && cursor.pushed > pushed) return { done: true };
      const able = new Map((await clearers(app)).map((provider) => [provider.id, provider]));
      const own = (await devices.ofUsers(app, [userId])).get(userId) ?? [];
      const cleared = await Promise.all(
        own.map(async (device) => {
          const provider = able.get(device.provider);
          return provider === undefined || (await clearOn(app, device, { id, stream, provider, attempt }));
        }),
      );
      if (attempt >= mostAttempts || cleared.every(Boolean)) return { done: true };
      return { again: { delayMs: againMs, payload: { ...parsed.data, attempt: attempt + 1 } } };
    },
  };
}

interface ClearOf {
  id: string;
  stream: string;
  provider: PushProvider;
  attempt: number;
}

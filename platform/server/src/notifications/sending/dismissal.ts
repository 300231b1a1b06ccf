// Takes notifications off a user's devices again once their messages were read, deleted or are not theirs any
// more, where the provider can. Best
// effort: nothing here is retried for long.
import { z } from 'zod';
import type { AppId } from '../../ports/app-id.ts';
import type { Log } from '../../ports/log.ts';
import type { Job, JobResult, Queue } from '../../ports/queue.ts';
import type { CursorStore, Device, DeviceStore } from '../../ports/stores/index.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import { deliveryIdOf } from '../push-job.ts';
import { collapseKeyOf } from './collapse-key.ts';
import { deliveryDeviceOf, shownOn } from './delivery-device.ts';

export const clearQueue = 'push_clear';

const payloadSchema = z.object({
  stream: z.string(),
  userId: z.string(),
  pushed: z.int().nonnegative(),
  /** The policy's own collapse key, of a notification that has one. */
  own: z.string().optional(),
  /** Of the next call. */
  attempt: z.int().positive().default(1),
});

/** A notification that stays is a nuisance, not a loss. */
const mostAttempts = 3;
const againMs = 5_000;

export interface DismissalDeps {
  cursors: Pick<CursorStore, 'get'>;
  devices: Pick<DeviceStore, 'ofUsers' | 'remember'>;
  plugins: Pick<PluginHost, 'providers'>;
  queue: Pick<Queue, 'add'>;
  log: Log;
  signal: AbortSignal;
}

export interface ToClear {
  stream: string;
  userId: string;
  pushed: number;
  own?: string | undefined;
  /** Names a clearing of its own, where it is not for having read the claim. */
  why?: string;
}

interface ClearOf {
  id: string;
  stream: string;
  own: string | undefined;
  provider: ProviderHandle;
  attempt: number;
}

export class Dismissal {
  readonly #deps: DismissalDeps;

  constructor(deps: DismissalDeps) {
    this.#deps = deps;
  }

  /** A user has read a stream up to `seq`. Queues the clearing when all that was notified is read now. */
  async onRead(app: AppId, userId: string, { stream, seq }: { stream: string; seq: number }): Promise<void> {
    if ((await this.#clearers(app)).length === 0) return;
    const { cursors } = this.#deps;
    const pushed = (await cursors.get(app, stream, [userId])).get(userId)?.pushed ?? 0;
    // Read in part: what is left of the notification is still true.
    if (pushed === 0 || pushed > seq) return;
    await this.add(app, { stream, userId, pushed });
  }

  /**
   * Queues a clearing of what the claims up to `pushed` have shown. Without `why` one a claim: reading on and
   * on adds nothing.
   */
  async add(app: AppId, { why, ...payload }: ToClear): Promise<void> {
    const { stream, userId, pushed, own } = payload;
    const id = JSON.stringify([app, stream, userId, pushed, ...(why === undefined ? [] : [why, own ?? ''])]);
    await this.#deps.queue.add(clearQueue, [{ id, app, user: userId, payload }]);
  }

  async run({ id, app, payload }: Job): Promise<JobResult> {
    const { cursors, devices, log } = this.#deps;
    const parsed = payloadSchema.safeParse(payload);
    if (!parsed.success) {
      log.error('clear job cannot be read', { app, job: id, reason: parsed.error.message });
      return { done: true };
    }
    const { stream, userId, pushed, own, attempt } = parsed.data;
    // A newer notification has taken the place of the one that was read.
    const cursor = (await cursors.get(app, stream, [userId])).get(userId);
    if (cursor !== undefined && cursor.pushed > pushed) return { done: true };
    const able = new Map((await this.#clearers(app)).map((provider) => [provider.id, provider]));
    const targets = (await devices.ofUsers(app, [userId])).get(userId) ?? [];
    const cleared = await Promise.all(
      targets.map(async (device) => {
        const provider = able.get(device.provider);
        return provider === undefined || (await this.#clearOn(app, device, { id, stream, own, provider, attempt }));
      }),
    );
    if (attempt >= mostAttempts || cleared.every(Boolean)) return { done: true };
    return { again: { delayMs: againMs, payload: { ...parsed.data, attempt: attempt + 1 } } };
  }

  async #clearers(app: AppId): Promise<readonly ProviderHandle[]> {
    const providers = await this.#deps.plugins.providers(app);
    return providers.filter((provider) => provider.state === 'on' && 'clear' in provider);
  }

  async #clearOn(app: AppId, device: Device, { id, stream, own, provider, attempt }: ClearOf): Promise<boolean> {
    const { id: deviceId, userId } = device;
    const collapseKey = collapseKeyOf(app, { stream, userId, own });
    const shown = provider.supports.messageIds === true ? shownOn(device, collapseKey) : undefined;
    const clearing = {
      id: deliveryIdOf(id, deviceId),
      app,
      userId,
      device: deliveryDeviceOf(device),
      collapseKey,
      ...(shown === undefined ? {} : { providerMessageId: shown }),
    };
    const outcome = await provider.clear?.(clearing, { signal: this.#deps.signal, attempt });
    if (outcome?.outcome === 'retry') return false;
    // It is not there any more, or can't be taken away: either way it is nothing to replace.
    if (shown !== undefined) await this.#deps.devices.remember(app, deviceId, { collapseKey });
    return true;
  }
}

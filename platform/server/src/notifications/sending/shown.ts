// Notifications on phones, when their message is changed or their reader leaves: finds which of them are
// concerned, and queues what has to become of each. Sending is worker.ts, taking away is dismissal.ts.
import { conversationStream } from '@belfry/protocol';
import { z } from 'zod';
import { partsOf } from '../../concurrency/parts-of.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { FactOf, Facts, FactSubscription } from '../../ports/facts.ts';
import type { Job, JobResult, Queue } from '../../ports/queue.ts';
import type { Cursor, CursorStore, DeviceStore, MessageStore, StoredMessage } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { RecipientsOf } from '../claiming/redelivery.ts';
import { newReplacementJob, pushQueue } from '../push-job.ts';
import type { Dismissal } from './dismissal.ts';
import { mostCounted } from './missed-messages.ts';

export const shownQueue = 'push_shown';

const payloadSchema = z.union([
  z.object({ messageId: z.string(), why: z.enum(['edited', 'deleted']), atMs: z.number() }),
  /** `isGone`: the conversation went, and how far its users were notified with it. */
  z.object({ conversationId: z.string(), userIds: z.array(z.string()), isGone: z.boolean() }),
]);
type Payload = z.infer<typeof payloadSchema>;
type Changed = Extract<Payload, { messageId: string }>;
type Left = Extract<Payload, { conversationId: string }>;

export interface ShownDeps {
  messages: Pick<MessageStore, 'byId' | 'read'>;
  cursors: Pick<CursorStore, 'get'>;
  devices: Pick<DeviceStore, 'ofUsers'>;
  plugins: Pick<PluginHost, 'providers'>;
  queue: Pick<Queue, 'add'>;
  recipientsOf: RecipientsOf;
  dismissal: Pick<Dismissal, 'add'>;
  surroundings: Pick<Surroundings, 'log'>;
  /** Of one job. */
  jobRecipients: number;
}

const wanted = ['message.edited', 'message.deleted', 'participant.removed', 'conversation.removed'] as const;
type Wanted = FactOf<(typeof wanted)[number]>;

export class ShownNotifications {
  readonly #deps: ShownDeps;

  constructor(deps: ShownDeps) {
    this.#deps = deps;
  }

  /** From here on facts become jobs: what is queued survives a kill, and some worker does it. */
  follow(facts: Pick<Facts, 'subscribe'>): FactSubscription {
    return facts.subscribe('shown notifications', wanted, async (app, batch) => {
      const jobs = batch.flatMap((fact) => this.#jobsOf(app, fact));
      try {
        await this.#deps.queue.add(shownQueue, jobs);
      } catch (error) {
        this.#deps.surroundings.log.warn('notifications stay on devices', { app, changes: jobs.length, err: error });
      }
    });
  }

  async run({ id, app, payload }: Job): Promise<JobResult> {
    const parsed = payloadSchema.safeParse(payload);
    if (!parsed.success) {
      const { message: reason } = parsed.error;
      this.#deps.surroundings.log.error('job of shown notifications cannot be read', { app, job: id, reason });
    } else if (await this.#isOfUse(app)) {
      await ('messageId' in parsed.data ? this.#changed(app, parsed.data) : this.#left(app, id, parsed.data));
    }
    return { done: true };
  }

  #jobsOf(app: AppId, fact: Wanted): { id: string; app: AppId; payload: Payload }[] {
    const { atMs } = fact;
    if ('messageId' in fact) {
      const { messageId, type } = fact;
      const why = type === 'message.deleted' ? 'deleted' : 'edited';
      return [{ id: JSON.stringify([messageId, why, atMs]), app, payload: { messageId, why, atMs } }];
    }
    const { conversationId } = fact;
    const left = 'userIds' in fact ? fact.userIds : [fact.userId];
    return [...partsOf(left, this.#deps.jobRecipients)].map((userIds, part) => ({
      id: JSON.stringify([conversationId, userIds[0], part, atMs]),
      app,
      payload: { conversationId, userIds, isGone: 'userIds' in fact },
    }));
  }

  /** Whether any provider of the app can take a notification away, or put another in its place. */
  async #isOfUse(app: AppId): Promise<boolean> {
    const providers = await this.#deps.plugins.providers(app);
    return providers.some((each) => each.state === 'on' && ('clear' in each || each.supports.collapse === true));
  }

  /** A claim has covered it, and it was not read since: a notification of it may be shown. */
  async #changed(app: AppId, { messageId, why, atMs }: Changed): Promise<void> {
    const { messages, cursors, queue, recipientsOf, jobRecipients } = this.#deps;
    const [message] = await messages.byId(app, messageId);
    if (message === undefined || message.policy.push === 'never') return;
    for (const userIds of partsOf(await recipientsOf(app, message), jobRecipients)) {
      const reachable = await this.#withDevice(app, userIds);
      const found = await cursors.get(app, message.stream, reachable);
      const shown = [...found.values()].filter(({ pushed, read }) => pushed >= message.seq && read < message.seq);
      const claims = shown.map(({ userId, read, pushed }) => ({ userId, from: read, through: pushed }));
      if (claims.length > 0) await queue.add(pushQueue, [newReplacementJob(app, message, { claims, why, atMs })]);
    }
  }

  /** Nothing more comes to who has left, so what is shown is the end of it. */
  async #left(app: AppId, id: string, { conversationId, userIds, isGone }: Left): Promise<void> {
    const stream = conversationStream(conversationId);
    const reachable = await this.#withDevice(app, userIds);
    const cursors = reachable.length === 0 ? undefined : await this.#deps.cursors.get(app, stream, reachable);
    const keys = await this.#keysOf(app, stream, [...(cursors?.values() ?? [])]);
    for (const userId of reachable) {
      const pushed = isGone ? Number.MAX_SAFE_INTEGER : (cursors?.get(userId)?.pushed ?? 0);
      if (pushed === 0) continue;
      for (const own of keys) await this.#deps.dismissal.add(app, { stream, userId, pushed, own, why: `left ${id}` });
    }
  }

  /** The collapse keys under which something may be shown; undefined is the one that is made. */
  async #keysOf(app: AppId, stream: string, cursors: readonly Cursor[]): Promise<ReadonlySet<string | undefined>> {
    const afterSeq = Math.min(...cursors.map(({ read }) => read));
    const beforeSeq = Math.max(...cursors.map(({ pushed }) => pushed)) + 1;
    if (cursors.length === 0 || afterSeq + 1 >= beforeSeq) return new Set([undefined]);
    const range = { afterSeq, beforeSeq, limit: mostCounted, order: 'descending' as const };
    const shown = await this.#deps.messages.read(app, stream, range);
    return new Set([undefined, ...shown.map(({ policy }) => policy.collapseKey)]);
  }

  /** The users of them who can have been shown anything. */
  async #withDevice(app: AppId, userIds: readonly string[]): Promise<string[]> {
    const devices = await this.#deps.devices.ofUsers(app, userIds);
    return userIds.filter((userId) => devices.has(userId));
  }
}

/** The consequence for a notification whose message was changed. */
export type ReplacementVerdict = 'leave' | 'clear' | 'replace';

/** Where the newest that is left is not the message that was edited, its text was not shown. */
export function decideReplacement(
  newest: StoredMessage | undefined,
  changed: { messageId: string; why: 'edited' | 'deleted' },
): ReplacementVerdict {
  if (newest === undefined) return 'clear';
  return changed.why === 'deleted' || newest.id === changed.messageId ? 'replace' : 'leave';
}

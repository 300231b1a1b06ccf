// The journey of one message, polled until nothing more can happen to it. Its words:
// parts/journey-panel.svelte.
import type { Journey, PushReason, RealtimeReason } from '@belfry/protocol';
import type { PlaygroundApi } from './api.ts';

const lookEveryMs = 1000;
/** A push may wait for an acknowledgement or be retried for long; nobody watches longer than this. */
const lookAtMostMs = 120_000;

const openReasons: ReadonlySet<RealtimeReason | PushReason> = new Set([
  'sent',
  'waiting_for_ack',
  'queued',
  'retrying',
  'quiet_hours_deferred',
]);

export class JourneyView {
  messageId: string | undefined = $state();
  journey: Journey | undefined = $state.raw();
  isFollowing = $state(false);
  readonly #api: PlaygroundApi;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: PlaygroundApi) {
    this.#api = api;
  }

  follow(app: string, messageId: string): void {
    this.clear();
    this.messageId = messageId;
    this.isFollowing = true;
    void this.#look(app, { messageId, untilMs: performance.now() + lookAtMostMs });
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.messageId = undefined;
    this.journey = undefined;
    this.isFollowing = false;
  }

  async #look(app: string, asked: { messageId: string; untilMs: number }): Promise<void> {
    let journey: Journey | undefined;
    try {
      journey = await this.#api.journey(app, asked.messageId);
    } catch {
      // The journey is written asynchronously, and may not be there yet.
    }
    if (this.messageId !== asked.messageId) return;
    if (journey !== undefined) this.journey = journey;
    this.isFollowing = (journey === undefined || isOpen(journey)) && performance.now() < asked.untilMs;
    if (this.isFollowing) this.#timer = setTimeout(() => void this.#look(app, asked), lookEveryMs);
  }
}

function isOpen({ message, recipients }: Journey): boolean {
  // Between storing and planning, nothing is known of any recipient.
  if (message.resolvedAt === undefined) return true;
  return recipients.some(
    ({ realtime, push }) =>
      realtime.some(({ reason }) => openReasons.has(reason)) || push.some(({ reason }) => openReasons.has(reason)),
  );
}

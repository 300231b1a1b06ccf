// The decisions that a broadcast would make now, without any effect: the same stages, up to the plan. With
// parts replaced, the decisions that it would make under other settings.

import { conversationStream, inboxStream, type BroadcastRequest } from '@belfry/protocol';
import { usersOf } from '../delivery/addressing.ts';
import type { LocalDelivery } from '../delivery/local-delivery.ts';
import type { LocalDecisions } from '../delivery/session-state.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { ResolveAudience, ResolvedAudience } from './audience.ts';
import { ephemeralDelivery, isForConversationLog } from './deliveries.ts';
import type { Plan, Planner } from './plan.ts';
import type { Origin, ValidBroadcast, Validator } from './validate.ts';

export interface ExplainerDeps {
  validator: Pick<Validator, 'validate'>;
  resolveAudience: ResolveAudience;
  planner: Pick<Planner, 'findDevices' | 'complete'>;
  local: Pick<LocalDelivery, 'preview'>;
  clock: Pick<Clock, 'now'>;
}

/** A broadcast as it would be carried out, and what would become of it. */
export interface Explained {
  broadcast: ValidBroadcast;
  plan: Plan;
}

export class Explainer {
  readonly #deps: ExplainerDeps;

  constructor(deps: ExplainerDeps) {
    this.#deps = deps;
  }

  /** Throws what the stages refuse. */
  async plan(app: AppId, request: BroadcastRequest, origin: Origin): Promise<Explained> {
    const { validator, resolveAudience, planner, clock } = this.#deps;
    const broadcast = await validator.validate(app, request, origin);
    const audience = await resolveAudience(app, broadcast);
    const devices = await planner.findDevices(app, broadcast, audience);
    const delivery = ephemeralDelivery(broadcast, clock.now());
    const local = this.#preview(app, broadcast, { audience, delivery });
    const plan = await planner.complete(app, { broadcast, audience, devices, delivery, local });
    return { broadcast, plan };
  }

  /**
   * As the broadcast would be decided for this node's connections; the stream it would go to says whether a
   * connection is behind in it.
   */
  #preview(
    app: AppId,
    broadcast: ValidBroadcast,
    { audience, delivery }: { audience: ResolvedAudience; delivery: Delivery },
  ): LocalDecisions {
    const { local } = this.#deps;
    const inStream = (stream: string): Delivery => ({ ...delivery, event: { ...delivery.event, stream } });
    if (isForConversationLog(broadcast) && 'conversation' in broadcast.audience)
      return local.preview(app, inStream(conversationStream(broadcast.audience.conversation)), audience.members);
    if (broadcast.row.durable === false) return local.preview(app, delivery, usersOf(delivery, audience.members));
    const inboxes = (audience.recipients ?? []).map((userId) =>
      local.preview(app, { ...inStream(inboxStream(userId)), to: { users: [userId] } }, [userId]),
    );
    return new Map(inboxes.flatMap((decisions) => [...decisions]));
  }
}

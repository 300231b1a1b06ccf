// `ack`: the client has everything of these streams up to these seqs. Cumulative; storing it is the gatherer's, in batches.

import { BelfryError, parseStream } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Acks } from '../sessions/acks.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export interface AckDeps {
  acks: Pick<Acks, 'record'>;
  sessions: Pick<Sessions, 'setVisible'>;
  /** Whether the user may read the stream; the answer is at hand for whom it was told of. */
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  /** The newest seq this node has told; undefined when it does not know the stream. */
  lastTold: (app: AppId, stream: string) => number | undefined;
  headOf: (app: AppId, stream: string) => Promise<number>;
  /** How long ago that seq was stored, ms, when this is the first acknowledgement of the newest event. */
  takeDeliveryMs: (app: AppId, at: { stream: string; seq: number }, nowMs: number) => number | undefined;
  clock: Clock;
  metrics: Metrics;
}

export function createAck(deps: AckDeps): Handler<'ack'> {
  const { acks, sessions, mayRead, lastTold, headOf, takeDeliveryMs, clock, metrics } = deps;

  return async (session, { cursors, visible }) => {
    if (visible !== undefined) sessions.setVisible(session, visible);
    for (const [index, { stream, seq }] of cursors.entries()) {
      await refuseForeign(session, stream, index);
      await refuseBeyondHead(session, { stream, seq }, index);
      acks.record(session, stream, seq);
      const ms = takeDeliveryMs(session.app, { stream, seq }, clock.now());
      if (ms !== undefined) metrics.observe('delivery_seconds', [], ms / 1000);
    }
    return {};
  };

  async function refuseForeign({ app, userId }: Session, stream: string, index: number): Promise<void> {
    const isAllowed = parseStream(stream) !== undefined && (await mayRead(app, stream, userId));
    if (!isAllowed) throw new BelfryError('not_found', { path: ['cursors', index, 'stream'] });
  }

  async function refuseBeyondHead({ app }: Session, at: { stream: string; seq: number }, index: number): Promise<void> {
    if (at.seq <= (lastTold(app, at.stream) ?? -1)) return;
    if (at.seq > (await headOf(app, at.stream))) throw new BelfryError('bad_ack', { path: ['cursors', index, 'seq'] });
  }
}

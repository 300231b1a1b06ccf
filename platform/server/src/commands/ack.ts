// `ack`: the client has everything of these streams up to these seqs. Cumulative; sessions/acks.ts stores
// them in batches.

import { BelfryError, notFound, parseStream } from '@belfry/protocol';
import type { StreamLog } from '../conversations/stream-log.ts';
import type { StreamPlaces } from '../delivery/stream-places.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Acks } from '../sessions/acks.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Handler } from './command.ts';

export interface AckDeps {
  acks: Pick<Acks, 'record'>;
  sessions: Pick<Sessions, 'setAttention'>;
  /** Whether the user may read the stream; the answer is at hand for users the stream was delivered to. */
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  places: Pick<StreamPlaces, 'last' | 'takeDeliveryMs'>;
  streamLog: Pick<StreamLog, 'head'>;
  clock: Pick<Clock, 'now'>;
  metrics: Pick<Metrics, 'observe'>;
}

export function createAck(deps: AckDeps): Handler<'ack'> {
  const { acks, sessions, mayRead, places, streamLog, clock, metrics } = deps;

  return async (session, { cursors, ...said }) => {
    sessions.setAttention(session, said);
    for (const [index, { stream, seq }] of cursors.entries()) {
      await refuseForeign(session, stream, index);
      await refuseBeyondHead(session, { stream, seq }, index);
      acks.record(session, stream, seq);
      const ms = places.takeDeliveryMs(session.app, { stream, seq }, clock.now());
      if (ms !== undefined) metrics.observe('delivery_seconds', [], ms / 1000);
    }
    return { answer: {} };
  };

  async function refuseForeign({ app, userId }: Session, stream: string, index: number): Promise<void> {
    const isAllowed = parseStream(stream) !== undefined && (await mayRead(app, stream, userId));
    if (!isAllowed) throw notFound('stream', ['cursors', index, 'stream']);
  }

  async function refuseBeyondHead({ app }: Session, at: { stream: string; seq: number }, index: number): Promise<void> {
    if (at.seq <= (places.last(app, at.stream) ?? -1)) return;
    const head = await streamLog.head(app, at.stream);
    if (at.seq > head.seq) throw new BelfryError('bad_ack', { path: ['cursors', index, 'seq'] });
  }
}

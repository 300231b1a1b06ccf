// Puts together the way of an event to this node's connections, from the session up: each part is given the
// ones before it.

import type { Limits } from '../config/limits.ts';
import { CatchUpReader } from '../delivery/catch-up-reader.ts';
import { CatchUps } from '../delivery/catch-up.ts';
import { Changes } from '../delivery/changes.ts';
import { FanOut } from '../delivery/fan-out.ts';
import { LocalDelivery } from '../delivery/local-delivery.ts';
import { LostHints } from '../delivery/lost-hints.ts';
import { SessionWriter } from '../delivery/session-writer.ts';
import { SkippedRanges } from '../delivery/skipped-ranges.ts';
import { StreamPlaces } from '../delivery/stream-places.ts';
import { StreamSequencer } from '../delivery/stream-sequencer.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Elsewhere } from '../sessions/elsewhere.ts';
import type { LiveStats } from '../sessions/live-stats.ts';
import type { Registry } from '../sessions/registry.ts';
import type { ConversationParts } from './conversations.ts';
import type { Engine } from './engine.ts';

export interface DeliveryParts {
  places: StreamPlaces;
  writer: SessionWriter;
  local: LocalDelivery;
  sequencer: StreamSequencer;
  fanOut: FanOut;
  catchUps: CatchUps;
  changes: Changes;
  lostHints: LostHints;
}

export function composeDelivery(deps: {
  engine: Pick<Engine, 'stores' | 'bus'>;
  conversations: ConversationParts;
  registry: Registry;
  elsewhere: Pick<Elsewhere, 'nodesOf' | 'prepare' | 'onArrived'>;
  limits: Pick<Limits, 'sendBehindBytes' | 'resumeStreams'>;
  surroundings: Surroundings;
  facts: Pick<Facts, 'record'>;
  /** Counts what is delivered; left out, nobody does. */
  stats?: Pick<LiveStats, 'delivered'> | undefined;
}): DeliveryParts {
  const { registry, elsewhere, limits, surroundings, facts, stats } = deps;
  const { stores, bus } = deps.engine;
  const { metrics } = surroundings;
  const { log, sharedReads, participantsOf, access } = deps.conversations;
  const { mayRead } = access;
  const behindBytes = limits.sendBehindBytes;
  const places = new StreamPlaces(registry);
  const skipped = new SkippedRanges(surroundings.clock);
  const reader = new CatchUpReader({ log: sharedReads, mayRead, places, skipped, behindBytes, surroundings, facts });
  const writer = new SessionWriter({ catchUps: reader, skipped, metrics, behindBytes });
  const local = new LocalDelivery({ registry, writer, participantsOf, metrics, stats });
  const sequencer = new StreamSequencer({ log, places, local, surroundings });
  return {
    places,
    writer,
    local,
    sequencer,
    fanOut: new FanOut({ bus, sequencer, elsewhere, surroundings }),
    catchUps: new CatchUps({
      ...{ log: sharedReads, reader, mayRead, maxStreams: limits.resumeStreams },
      clock: surroundings.clock,
    }),
    changes: new Changes({ messages: stores.messages, mayRead, behindBytes, surroundings }),
    lostHints: new LostHints({ bus, sequencer, surroundings }),
  };
}

// Puts the journey together: what listens to facts and writes them, and what reads them back.

import { followFacts } from '../journey/follow-facts.ts';
import { createJourneyReader, type JourneyReader } from '../journey/reader.ts';
import { JourneyRecorder } from '../journey/recorder.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Engine } from './engine.ts';

export interface Journeys {
  reader: JourneyReader;
  /** Writes what was recorded before the call. */
  stop(): Promise<void>;
}

export function composeJourney(deps: {
  stores: Pick<Engine['stores'], 'journeys' | 'messages'>;
  facts: Pick<Facts, 'subscribe'>;
  surroundings: Surroundings;
}): Journeys {
  const { stores, surroundings } = deps;
  const recorder = new JourneyRecorder({ store: stores.journeys, surroundings });
  const facts = followFacts(deps.facts, recorder);
  return {
    reader: createJourneyReader({ store: stores.journeys, messages: stores.messages, facts, recorder }),
    async stop() {
      await facts.flush();
      await recorder.stop();
    },
  };
}

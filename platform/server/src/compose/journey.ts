// Puts the journey together: what listens to facts and writes them, and what reads them back.

import { followFacts } from '../journey/follow-facts.ts';
import { JourneyFolding } from '../journey/folding.ts';
import { JourneyIndexer } from '../journey/indexer.ts';
import { JourneyLists } from '../journey/lists.ts';
import { createJourneyReader, type JourneyReader } from '../journey/reader.ts';
import { JourneyRecorder } from '../journey/recorder.ts';
import type { Facts } from '../ports/facts.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Engine } from './engine.ts';

export interface Journeys {
  reader: JourneyReader;
  lists: JourneyLists;
  /** Resolves when what was recorded is written. */
  flush(): Promise<void>;
  /** Writes what was recorded before the call. */
  stop(): Promise<void>;
}

export function composeJourney(deps: {
  stores: Pick<Engine['stores'], 'journeys' | 'journeyIndex' | 'messages'>;
  facts: Pick<Facts, 'subscribe'>;
  surroundings: Surroundings;
}): Journeys {
  const { surroundings } = deps;
  const { journeys: store, journeyIndex: index, messages } = deps.stores;
  const folding = new JourneyFolding({ store, messages });
  const indexer = new JourneyIndexer({ store: index, folding, messages, surroundings });
  const recorder = new JourneyRecorder({ store, indexer, surroundings });
  const facts = followFacts(deps.facts, recorder);
  const flush = async (): Promise<void> => {
    await facts.flush();
    await recorder.flush();
  };
  return {
    reader: createJourneyReader({ folding, flush }),
    lists: new JourneyLists({ index, indexer, flush, clock: surroundings.clock }),
    flush,
    async stop() {
      await facts.flush();
      await recorder.stop();
      await indexer.stop();
    },
  };
}

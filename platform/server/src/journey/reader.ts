// Answers what was decided and done for one message. Whether the caller may ask is the edge's business.

import type { Journey } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { FactSubscription } from '../ports/facts.ts';
import type { JourneyFolding } from './folding.ts';
import type { JourneyRecorder } from './recorder.ts';

export interface JourneyReader {
  /**
   * Undefined when there is neither a journey nor a message of this id. Rejects with `unavailable` when the
   * store is away.
   */
  read(app: AppId, messageId: string): Promise<Journey | undefined>;
}

interface ReaderDeps {
  folding: Pick<JourneyFolding, 'fold'>;
  /**
   * Both are asked to hand on what they hold, so that a journey read right after a broadcast is complete (as
   * far as this node goes).
   */
  facts: Pick<FactSubscription, 'flush'>;
  recorder: Pick<JourneyRecorder, 'flush'>;
}

export function createJourneyReader({ folding, facts, recorder }: ReaderDeps): JourneyReader {
  return {
    async read(app, messageId) {
      await facts.flush();
      await recorder.flush();
      return (await folding.fold(app, messageId))?.journey;
    },
  };
}

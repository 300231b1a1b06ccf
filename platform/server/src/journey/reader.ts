// Answers what was decided and done for one message. Whether the caller may ask is the edge's business.

import type { Journey, ReasonCounts } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { JourneyFolding } from './folding.ts';

export interface JourneyReader {
  /**
   * Undefined when there is neither a journey nor a message of this id. Rejects with `unavailable` when the
   * store is away.
   */
  read(app: AppId, messageId: string): Promise<Journey | undefined>;
  /** What was decided when the message came, by reason; undefined where nothing is known of that any more. */
  decided(app: AppId, messageId: string): Promise<ReasonCounts | undefined>;
}

interface ReaderDeps {
  folding: Pick<JourneyFolding, 'fold' | 'decided'>;
  /**
   * Resolves when what was recorded here before the call is written, so that a journey read right after a
   * broadcast is complete (as far as this node goes).
   */
  flush: () => Promise<void>;
}

export function createJourneyReader({ folding, flush }: ReaderDeps): JourneyReader {
  return {
    async decided(app, messageId) {
      await flush();
      return await folding.decided(app, messageId);
    },
    async read(app, messageId) {
      await flush();
      return (await folding.fold(app, messageId))?.journey;
    },
  };
}

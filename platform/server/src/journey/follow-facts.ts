// Makes journey a listener of facts: which of them it wants, and what of the recorder each goes to. Writes
// nothing itself.

import type { AppId } from '../ports/app-id.ts';
import type { FactOf, Facts, FactSubscription } from '../ports/facts.ts';
import { pushFactTypes } from '../ports/message-facts.ts';
import type { JourneyRecorder } from './recorder.ts';

const wanted = ['message.sent', 'message.acked', 'message.caught_up', ...pushFactTypes] as const;

export function followFacts(facts: Pick<Facts, 'subscribe'>, recorder: JourneyRecorder): FactSubscription {
  return facts.subscribe('journey', wanted, (app, batch) => {
    for (const fact of batch) take(recorder, app, fact);
  });
}

function take(recorder: JourneyRecorder, app: AppId, fact: FactOf<(typeof wanted)[number]>): void {
  switch (fact.type) {
    case 'message.sent':
      recorder.planned(app, fact);
      break;
    case 'message.acked':
      recorder.acked(app, fact.acked);
      break;
    case 'message.caught_up':
      recorder.caughtUp(app, fact);
      break;
    default:
      recorder.push(app, fact);
  }
}

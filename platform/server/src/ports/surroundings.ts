// The things that nearly every part is given: the time, the log, the metrics, the traces. One object, so that a
// constructor names its real subject.

import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

export interface Surroundings {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Absent where traces are off. */
  tracing?: Tracing | undefined;
}

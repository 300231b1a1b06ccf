// Ends the reading of a body whose sender has gone silent. A reader who is slow is not its business: what is
// not asked for cannot come.

import { PassThrough, pipeline, type Readable } from 'node:stream';
import { TimeLimitError } from '../../../concurrency/time-limit.ts';
import type { Clock, Timer } from '../../../ports/clock.ts';

interface IdleLimit {
  clock: Pick<Clock, 'after'>;
  idleMs: number;
}

/** The same bytes. Whoever destroys it destroys the body with it. */
export function withIdleLimit(body: Readable, { clock, idleMs }: IdleLimit): Readable {
  const out = new PassThrough();
  let timer: Timer;
  const arm = (): void => {
    timer = clock.after(idleMs, () => {
      if (out.writableNeedDrain) arm();
      else out.destroy(new TimeLimitError(idleMs));
    });
  };
  arm();
  body.on('data', () => {
    timer.cancel();
    arm();
  });
  // Nothing more is to come, however long its reader takes.
  body.once('end', () => timer.cancel());
  // The reader of `out` gets the error, from wherever it comes.
  pipeline(body, out, () => timer.cancel());
  return out;
}

// The log with `traceId` in the lines of what a trace follows. Used only where traces are on.

import type { Log } from '../../ports/log.ts';
import type { Tracing } from '../../ports/tracing.ts';

export function tracedLog(log: Log, tracing: Pick<Tracing, 'traceId'>): Log {
  type Fields = Readonly<Record<string, unknown>> | undefined;
  const withTrace = (fields: Fields): Fields => {
    const traceId = tracing.traceId();
    return traceId === undefined ? fields : { ...fields, traceId };
  };
  return {
    debug: (msg, fields) => log.debug(msg, withTrace(fields)),
    info: (msg, fields) => log.info(msg, withTrace(fields)),
    warn: (msg, fields) => log.warn(msg, withTrace(fields)),
    error: (msg, fields) => log.error(msg, withTrace(fields)),
    child: (fields) => tracedLog(log.child(fields), tracing),
    isDebug: () => log.isDebug(),
  };
}

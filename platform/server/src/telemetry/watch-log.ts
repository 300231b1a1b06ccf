// A log whose info lines somebody reads along, whatever the level that is written. Writes nothing itself.
import type { Log } from '../ports/log.ts';

/** A line as it was written, before anything in it is redacted. */
export type InfoListener = (msg: string, fields: Readonly<Record<string, unknown>>) => void;

/**
 * `listen` is called for every info line of it and its children, with the fields of all of them; it must be
 * quick and must not throw.
 */
export function watchLog(log: Log, listen: InfoListener): Log {
  return watch(log, {});

  function watch(inner: Log, base: Readonly<Record<string, unknown>>): Log {
    return {
      debug: (msg, fields) => inner.debug(msg, fields),
      info(msg, fields) {
        inner.info(msg, fields);
        listen(msg, { ...base, ...fields });
      },
      warn: (msg, fields) => inner.warn(msg, fields),
      error: (msg, fields) => inner.error(msg, fields),
      child: (fields) => watch(inner.child(fields), { ...base, ...fields }),
      isDebug: () => inner.isDebug(),
    };
  }
}

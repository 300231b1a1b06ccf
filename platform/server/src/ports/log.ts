// The log as the capabilities see it. The `msg` values operators may count on are listed in
// docs/operations.md.

/**
 * One line a call. Fields named like secrets (token, secret, authorization, password, key ...) are redacted
 * by whoever writes the line.
 */
export interface Log {
  debug(msg: string, fields?: Readonly<Record<string, unknown>>): void;
  info(msg: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(msg: string, fields?: Readonly<Record<string, unknown>>): void;
  error(msg: string, fields?: Readonly<Record<string, unknown>>): void;
  child(fields: Readonly<Record<string, unknown>>): Log;
  /** Whether debug lines are written: asked before building costly fields. */
  isDebug(): boolean;
}

/** Says nothing: the log of a part that was given none. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
  isDebug: () => false,
};

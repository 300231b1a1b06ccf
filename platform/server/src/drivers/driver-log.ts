// The part of a logger that the drivers use. Not the logger: telemetry makes one, and compose hands it in.

/** Fields first, then the message: the order of pino, whose loggers fit as they are. */
export interface DriverLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Says nothing; what a driver uses when it was given no log. */
export const silentLog: DriverLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

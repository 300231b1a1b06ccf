// The bounds the gateway keeps, by the names they have in the configuration. Their defaults and variables are
// config's.

/** Sizes in bytes, durations in milliseconds, the rest counts. */
export interface GatewayLimits {
  readonly frameBytes: number;
  readonly frameFragments: number;
  readonly frameBufferedChunks: number;
  readonly connectDeadlineMs: number;
  readonly eventLoopDelayMs: number;
  readonly unauthenticatedPerAddress: number;
  readonly connectionsPerAddress: number;
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  readonly namesPerCommand: number;
  readonly commandOverrunMs: number;
  readonly malformedPerMinute: number;
  readonly jsonDepth: number;
  readonly sendBehindBytes: number;
  readonly sendTooSlowBytes: number;
  readonly sendTooSlowMs: number;
  readonly drainMs: number;
}

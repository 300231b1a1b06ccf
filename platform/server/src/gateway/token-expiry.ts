// Says whether a session's token has run out or soon will. Verifying tokens is tenancy's business.

/** A client is warned this long before the end. */
const warnMs = 60_000;

export class TokenExpiry {
  #warnedOf: number | undefined;

  /**
   * `warn` once a token, a renewed one anew. Both are stamps of the wall clock, which is what a token's end
   * is; asked again and again, never waited for.
   */
  check(expiresAtMs: number | undefined, nowMs: number): 'fine' | 'warn' | 'expired' {
    if (expiresAtMs === undefined || nowMs < expiresAtMs - warnMs) return 'fine';
    if (nowMs >= expiresAtMs) return 'expired';
    if (this.#warnedOf === expiresAtMs) return 'fine';
    this.#warnedOf = expiresAtMs;
    return 'warn';
  }

  /** Until there is something to say, ms; Infinity without a token. Not above 0: now. */
  leftMs(expiresAtMs: number | undefined, nowMs: number): number {
    if (expiresAtMs === undefined) return Infinity;
    return (this.#warnedOf === expiresAtMs ? expiresAtMs : expiresAtMs - warnMs) - nowMs;
  }
}

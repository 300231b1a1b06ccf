// Everything that reaches a notification provider from outside: configuration, log, network, clock, the
// signal to stop.
import type { Socket } from 'node:net';

/** Given to `setup`; valid until `close` was called. */
export interface ProviderContext<Config = unknown> {
  /** The tenant's input, parsed by the plugin's `config` schema, with defaults filled in. */
  readonly config: Config;
  readonly log: PluginLog;
  readonly fetch: PluginFetch;
  readonly connect: PluginConnect;
  readonly tokens: PluginTokens;
  readonly clock: PluginClock;
  /** Aborted when this configuration is taken out of service. */
  readonly signal: AbortSignal;
  /**
   * Where the service reports to: what it sends there comes to `parseReceipt`. The same as long as the
   * configuration has its id, and known to nobody else. Only with `supports.receipts`, and where the host knows
   * its own address.
   */
  readonly receiptUrl?: string | undefined;
}

/** The host adds app, provider and configuration to every record. Never log a secret or a whole target. */
export interface PluginLog {
  debug(fields: Record<string, unknown>, msg: string): void;
  info(fields: Record<string, unknown>, msg: string): void;
  warn(fields: Record<string, unknown>, msg: string): void;
  error(fields: Record<string, unknown>, msg: string): void;
}

/** What was got once and is good for a while, such as an access token. In memory, for this configuration. */
export interface PluginTokens {
  /**
   * The token of this name, loaded by `load` where there is none or it ends within `earlyMs` (5 min unless
   * given). All who ask meanwhile share one load. When it failed, all who ask within 5 s get the same error
   * and nothing is loaded. `load` is not ended by `signal`, which ends the wait of this caller alone.
   */
  get(name: string, load: () => Promise<PluginToken>, options?: TokenOptions): Promise<string>;
  /** The service refused this token: forgets it, unless another has taken its place. */
  drop(name: string, value: string): void;
}

export interface PluginToken {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

export interface TokenOptions {
  readonly earlyMs?: number;
  readonly signal?: AbortSignal;
}

export interface PluginClock {
  /** Milliseconds since 1970. Use it instead of `Date.now()`: tests turn it by hand. */
  now(): number;
}

/**
 * As WHATWG fetch, guarded by the host: refuses private and link-local addresses unless the operator allowed
 * them, never follows a redirect (a 3xx is an answer like any other), cuts an answer at 64 KiB. Rejects when
 * no answer came.
 */
export type PluginFetch = (url: string | URL, init?: PluginRequest) => Promise<PluginResponse>;

export interface PluginRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Pass the signal that `send` was given on; the host's time-out aborts it. */
  readonly signal?: AbortSignal;
}

/** The part of WHATWG's Response that a provider needs. */
export interface PluginResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Opens a socket for a protocol that `fetch` does not speak: SMTP, HTTP/2. Guarded as `fetch` is, by the
 * address that is dialled, and ended by the same time-out. Resolves when it is connected, with TLS when that
 * is agreed on; rejects when that failed. Close it when it is not used any more; what a configuration leaves
 * open is closed behind it.
 */
export type PluginConnect = (target: ConnectTarget) => Promise<Socket>;

export interface ConnectTarget {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /**
   * TLS from the first byte, with a certificate that is valid for `host`. Without it nothing is encrypted
   * until the plugin does so, as by STARTTLS.
   */
  readonly tls?: boolean | ConnectTls;
  /** Pass the signal that `send` was given on. */
  readonly signal?: AbortSignal;
}

export interface ConnectTls {
  /** The name that the certificate must be for, where that is not `host`. */
  readonly servername?: string;
  /** Protocols to agree on, best first: `['h2']` for HTTP/2. */
  readonly alpn?: readonly string[];
  /** PEM; the authorities that are trusted, in place of the well-known ones. */
  readonly ca?: string;
}

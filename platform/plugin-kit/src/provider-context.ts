// All that reaches a notification provider from outside: configuration, log, network, clock, the signal to stop. Nothing else does.

/** What `setup` is given. It stays valid until `close` was called. */
export interface ProviderContext<Config = unknown> {
  /** What the plugin's `config` schema made of the tenant's input: parsed, defaults filled in. */
  readonly config: Config;
  readonly log: PluginLog;
  readonly fetch: PluginFetch;
  readonly clock: PluginClock;
  /** Aborted when this configuration is taken out of service. */
  readonly signal: AbortSignal;
}

/** The host adds app, provider and configuration to every record. Never log a secret or a whole target. */
export interface PluginLog {
  debug(fields: Record<string, unknown>, msg: string): void;
  info(fields: Record<string, unknown>, msg: string): void;
  warn(fields: Record<string, unknown>, msg: string): void;
  error(fields: Record<string, unknown>, msg: string): void;
}

export interface PluginClock {
  /** Milliseconds since 1970. Use it instead of `Date.now()`: tests turn it by hand. */
  now(): number;
}

/**
 * As WHATWG fetch, guarded by the host: refuses private and link-local addresses unless the operator allowed them, never follows
 * a redirect (a 3xx is an answer like any other), cuts an answer at 64 KiB. Rejects when no answer came.
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

// The configuration as the rest of the server sees it. It is read and validated by load.ts.
import type { Limits } from './limits.ts';
import type { logLevels, roles } from './schema.ts';

export type LogLevel = (typeof logLevels)[number];
export type Role = (typeof roles)[number];

/** Paths are absolute, durations in milliseconds. Holds secrets: to show it, use `redactedConfig`. */
export interface Config {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The same, for health and metrics alone; absent when they are at `port`. */
  readonly internalPort?: number;
  readonly publicUrl?: string;
  /** A number of hops (`"1"`), or addresses and ranges separated by commas. */
  readonly trustProxy: string | undefined;
  readonly httpKeepAliveMs: number;
  readonly dataDir: string;
  /** BELFRY_SECRET as given; absent when the embedded engine is to make or read its own. */
  readonly secret?: string;
  readonly role: Role;
  /** Left out on the embedded engine. */
  readonly cluster?: ClusterConfig;
  /** Where uploads are; absent when they are in the data folder. */
  readonly s3?: S3Config;
  /** A plugin's id; `firebase` has become `fcm`. */
  readonly notificationProvider: string;
  readonly firebaseCredentialsPath?: string;
  readonly webSocket: {
    readonly heartbeatIntervalMs: number;
    readonly connectionTimeoutMs: number;
    readonly maxReconnectAttempts: number;
    readonly attendedAfterMs: number;
  };
  readonly pluginsDir?: string;
  readonly provisionFile?: string;
  /** Whether there is a playground. Who may use it: whoever has the secret of its printed address. */
  readonly playground: boolean;
  readonly console: { readonly isOn: boolean; readonly sessionIdleMs: number; readonly sessionMaxMs: number };
  readonly log: { readonly level: LogLevel; readonly format: 'json' | 'pretty' };
  readonly metricsToken?: string;
  /** Absent when there are no traces. */
  readonly tracing?: TracingConfig;
  readonly outboundAllow: readonly string[];
  readonly limits: Limits;
}

/** Servers that all nodes of a cluster have in common. */
export interface ClusterConfig {
  readonly mongodbUrl: string;
  /** The password counts where the URL has none. */
  readonly redis: { readonly url: string; readonly password: string | undefined };
}

export interface TracingConfig {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** A bucket of S3, or of a store that speaks its protocol. */
export interface S3Config {
  readonly bucket: string;
  /** Amazon's when left out. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly forcePathStyle: boolean;
  /** Whether clients download from the bucket itself. */
  readonly presign: boolean;
  /** Those that the machine has, when left out. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** A mistake in the configuration; `variable` is the name that was, or was not, set. */
export interface ConfigProblem {
  variable: string;
  reason: string;
}

const secretFields = ['secret', 'cluster', 's3', 'metricsToken', 'tracing'] as const;

/** The same with every secret replaced, for logs and screens. */
export function redactedConfig(config: Config): Config {
  const shown = secretFields.filter((field) => config[field] !== undefined);
  return { ...config, ...Object.fromEntries(shown.map((field) => [field, '[redacted]'] as const)) };
}

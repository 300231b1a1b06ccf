// A contender: a server process that can be started, found and stopped. How each is started is in the files
// beside this one.
import type { MemoryGroup } from '../measure/memory-group.ts';

export const contenderNames = ['ws', 'socket.io', 'belfry'] as const;
/** Of several nodes over one Redis. `ws, stored` and Belfry store in MongoDB. */
export const clusterContenderNames = ['ws, stored', 'socket.io', 'belfry'] as const;
/** For scenarios that mostly measure storing: `ws` with the least that stores. */
export const storingContenderNames = ['ws', 'ws, stored', 'socket.io', 'belfry'] as const;
export type ContenderName = (typeof storingContenderNames)[number];

export interface StartOptions {
  /** An empty folder for what the server writes. */
  folder: string;
  /** Flags of Node itself, such as `--cpu-prof`. */
  nodeFlags?: readonly string[];
  /** Variables beside the usual ones. Only Belfry reads any. */
  env?: Readonly<Record<string, string>>;
  /** The server is one node of several over these. */
  engines?: EngineUrls;
  /** It runs in this group. */
  group?: MemoryGroup;
}

export interface EngineUrls {
  redisUrl: string;
  /** Ends in the name of a database. Empty for a contender that stores nothing. */
  mongodbUrl: string;
}

export interface RunningServer {
  readonly name: ContenderName;
  readonly pid: number;
  readonly port: number;
  /** Its output, on disk as under a service manager. */
  readonly logFile: string;
  /** SIGTERM; resolves when it is gone. Rejects when it had ended by itself before. */
  stop(): Promise<void>;
}

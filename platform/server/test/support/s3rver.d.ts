// The types of s3rver, as far as s3-server.ts uses it: it has none of its own.

declare module 's3rver' {
  import type { Server } from 'node:http';
  import type { AddressInfo } from 'node:net';
  import type { Middleware } from 'koa';

  interface Options {
    address: string;
    port: number;
    directory: string;
    silent: boolean;
    configureBuckets: readonly { name: string }[];
  }

  export default class S3rver {
    constructor(options: Options);
    readonly middleware: Middleware[];
    readonly httpServer: Server;
    readonly store: { getObject: (bucket: string, key: string, part: { start?: number; end?: number }) => unknown };
    run(): Promise<AddressInfo>;
    close(): Promise<void>;
  }
}

// A proxy between browser and server that cuts WebSocket connections as a bad network does: without a close
// frame, often in the middle of a frame. Plain HTTP passes.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Random } from './random.ts';

export interface CuttingProxy {
  readonly url: string;
  /** WebSocket connections that were begun through it. */
  readonly webSockets: number;
  readonly cuts: number;
  /** The target from now on; undefined refuses everybody, as a server that is down. */
  setTarget(port: number | undefined): void;
  /**
   * From now on every WebSocket connection is cut after a random number of bytes or a random time, until
   * there were `count` cuts. Resolves then.
   */
  cutRandomly(options: { count: number; random: Random }): Promise<void>;
  /** Cuts all there are, once. */
  cutAll(): void;
  close(): Promise<void>;
}

/** A connect and its answer are some 1,500 bytes: some cuts fall before it is through, most after. */
const maxCutBytes = 6000;
/** An idle connection passes few bytes; it is cut after at most this. */
const maxCutMs = 200;

interface Passing {
  browser: Socket;
  server: Socket;
  isWebSocket: boolean;
  passedBytes: number;
  cutAtBytes: number;
  timer: NodeJS.Timeout | undefined;
}

export async function startCuttingProxy(): Promise<CuttingProxy> {
  const passing = new Set<Passing>();
  let target: number | undefined;
  let webSockets = 0;
  let cuts = 0;
  let wanted = 0;
  let random: Random | undefined;
  let enough: (() => void) | undefined;

  const listener = createServer((browser) => {
    browser.on('error', () => undefined);
    if (target === undefined) {
      browser.destroy();
      return;
    }
    const server = connect(target, '127.0.0.1');
    server.on('error', () => undefined);
    const one: Passing = {
      browser,
      server,
      isWebSocket: false,
      passedBytes: 0,
      cutAtBytes: Infinity,
      timer: undefined,
    };
    passing.add(one);
    pass(one, { from: browser, to: server });
    pass(one, { from: server, to: browser });
    // Bytes sent before a side closed still arrive: a close code is in the last ones.
    browser.on('close', () => void server.end());
    server.on('close', () => {
      clearTimeout(one.timer);
      passing.delete(one);
      browser.end();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  /** Passes bytes on, up to the place where the connection is to be cut. */
  function pass(one: Passing, { from, to }: { from: Socket; to: Socket }): void {
    from.on('data', (chunk: Buffer) => {
      if (!one.isWebSocket && from === one.browser && /^upgrade: websocket\r$/im.test(chunk.toString('latin1'))) {
        one.isWebSocket = true;
        webSockets += 1;
        plan(one);
      }
      const room = one.cutAtBytes - one.passedBytes;
      one.passedBytes += chunk.length;
      if (chunk.length < room) {
        to.write(chunk);
        return;
      }
      // The part before the cut still arrives, so that the other side is left with half a frame.
      to.write(chunk.subarray(0, room), () => cut(one));
      from.pause();
    });
    from.on('end', () => to.end());
  }

  function plan(one: Passing): void {
    if (random === undefined || cuts >= wanted) return;
    clearTimeout(one.timer);
    one.cutAtBytes = one.passedBytes + random.between(1, maxCutBytes);
    one.timer = setTimeout(() => cut(one), random.between(1, maxCutMs));
  }

  function cut(one: Passing): void {
    if (!passing.has(one)) return;
    sever(one);
    if (cuts >= wanted) return;
    cuts += 1;
    if (cuts >= wanted) {
      // Connections that are not yet to be cut stay open.
      for (const other of passing) {
        clearTimeout(other.timer);
        other.cutAtBytes = Infinity;
      }
      enough?.();
    }
  }

  function sever(one: Passing): void {
    clearTimeout(one.timer);
    passing.delete(one);
    one.browser.resetAndDestroy();
    one.server.resetAndDestroy();
  }

  const open = (): Passing[] => [...passing].filter(({ isWebSocket }) => isWebSocket);
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get webSockets() {
      return webSockets;
    },
    get cuts() {
      return cuts;
    },
    setTarget: (port) => void (target = port),
    async cutRandomly(options) {
      ({ random } = options);
      wanted = cuts + options.count;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      enough = () => resolve(undefined);
      for (const one of open()) plan(one);
      await promise;
    },
    cutAll: () => open().forEach(sever),
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const one of passing) sever(one);
      await closed;
    },
  };
}

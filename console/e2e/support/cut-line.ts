// A server behind a line that a test cuts and mends, and pages that look at it over this line. People and the test
// itself have a way of their own, so that things change while the pages see nothing.
import type { Browser } from 'playwright';
import { TcpWay } from '../../../platform/server/test/support/tcp-way.ts';
import type { WholeServer } from '../../../platform/server/test/support/whole-server.ts';
import { isWrite } from '../../src/lib/api/is-write.ts';
import type { Person } from './console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './watched-page.ts';

export interface CutLine {
  readonly url: string;
  readonly way: TcpWay;
  /** A page of the console at this path, as this person. `writes`: what it sent that changes something. */
  open: (path: string, who: Person, options?: Partial<WatchOptions>) => Promise<Watched & { writes: string[] }>;
  stop: () => Promise<void>;
}

const ofAbsence = /ERR_|WebSocket connection to|Failed to load resource/;

export async function startCutLine(browser: Browser, server: WholeServer): Promise<CutLine> {
  const way = await TcpWay.open(Number(new URL(server.server.address).port));
  const url = `http://127.0.0.1:${way.port}`;
  const opened: Watched[] = [];
  return {
    url,
    way,
    async open(path, who, options = {}) {
      const watched = await openWatched(browser, { url, allowed: ofAbsence, ...options });
      opened.push(watched);
      const writes: string[] = [];
      watched.page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        const method = request.method();
        // A page of the console asks for a token by itself.
        if (isWrite(method, pathname) && !pathname.endsWith('/live/token')) writes.push(`${method} ${pathname}`);
      });
      await who.enter(watched.context);
      await watched.page.goto(`${url}/console/${path}`);
      return { ...watched, writes };
    },
    async stop() {
      for (const { context } of opened) await context.close();
      await way.close();
    },
  };
}

// `/playground/`: a page to try the server on, and the door for its calls. Installed only where the
// configuration says so. The page itself: platform/playground.

import type { Middleware } from '../../context.ts';
import { createDoor, type DoorDeps } from '../../door.ts';
import { Site } from '../../site.ts';
import { playgroundTable, type PlaygroundServices } from './calls.ts';
import { createIdentifyOwnPage, createPlaygroundSecret, type OwnPage } from './own-page.ts';

export interface Playground {
  /** One after the other; each leaves what is not its own to the next. */
  parts: readonly Middleware[];
  path: string;
  /** The path with the secret, for the one who started the server. A fragment: no browser sends it on. */
  address: string;
}

export interface PlaygroundDeps extends Omit<DoorDeps<PlaygroundServices, OwnPage>, 'prefix' | 'table' | 'identify'> {
  /** The built page. */
  dir: string;
}

const sitePath = '/playground';

/** Its page may load its own files, and this server's API and WebSocket. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function createPlayground(deps: PlaygroundDeps): Playground {
  const secret = createPlaygroundSecret();
  const site = new Site({ path: sitePath, dir: deps.dir, policy });
  const door = createDoor({
    ...deps,
    prefix: `${sitePath}/api`,
    table: playgroundTable,
    identify: createIdentifyOwnPage({ ...deps, secret }),
  });
  const path = `${sitePath}/`;
  return { parts: [door, site.serve], path, address: `${path}#${secret}` };
}

// `/playground/`: a page to try the server on, and the door for its calls. Installed only where the
// configuration says so. The page itself: platform/playground.

import type { Middleware } from '../../context.ts';
import { createDoor, type DoorDeps } from '../../door.ts';
import { Site } from '../../site.ts';
import { playgroundTable, type PlaygroundServices } from './calls.ts';
import { createIdentifyOwnPage, type OwnPage, type PlaygroundReach } from './own-page.ts';

export interface Playground {
  /** One after the other; each leaves what is not its own to the next. */
  parts: readonly Middleware[];
  path: string;
  /** Whether its page has been built. */
  isThere: () => Promise<boolean>;
}

export interface PlaygroundDeps extends Omit<DoorDeps<PlaygroundServices, OwnPage>, 'prefix' | 'table' | 'identify'> {
  reach: PlaygroundReach;
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
  const site = new Site({ path: sitePath, dir: deps.dir, policy });
  const door = createDoor({
    ...deps,
    prefix: `${sitePath}/api`,
    table: playgroundTable,
    identify: createIdentifyOwnPage(deps),
  });
  return { parts: [door, site.serve], path: `${sitePath}/`, isThere: () => site.isThere() };
}

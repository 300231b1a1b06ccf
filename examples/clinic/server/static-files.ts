// Serves the built app: its files by name, and the one page for every other path, since the browser does the
// routing.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const types: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.woff2', 'font/woff2'],
]);

/** `belfryUrl` is the only other host that the page may talk to. */
export function createStaticFiles({ folder, belfryUrl }: { folder: string; belfryUrl: string }) {
  const webSocketUrl = belfryUrl.replace(/^http/, 'ws');
  const policy = [
    "default-src 'self'",
    `connect-src 'self' ${belfryUrl} ${webSocketUrl}`,
    `img-src 'self' blob: data: ${belfryUrl}`,
    `media-src blob: ${belfryUrl}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://clinic').pathname;
    const file = (await read(path)) ?? (await read('/index.html'));
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': types.get(extname(file.name)) ?? 'application/octet-stream',
      // Vite puts a hash into the names of what lies in assets.
      'Cache-Control': file.name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
    });
    response.end(file.content);
  };

  async function read(path: string): Promise<{ name: string; content: Buffer } | undefined> {
    const full = normalize(join(folder, path));
    if (!full.startsWith(folder + sep) || extname(full) === '') return undefined;
    try {
      return { name: path, content: await readFile(full) };
    } catch {
      return undefined;
    }
  }
}

// Serves the app straight from its sources, with hot reload, for development; otherwise the built app is
// served.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createServer } from 'vite';

const root = join(import.meta.dirname, '..');

export async function serveVite(): Promise<{
  serve: (request: IncomingMessage, response: ServerResponse) => void;
  close: () => Promise<void>;
}> {
  const vite = await createServer({ root, server: { middlewareMode: true } });
  return { serve: (request, response) => vite.middlewares(request, response), close: () => vite.close() };
}

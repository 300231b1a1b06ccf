// A site with empty pages that hold the built SDK as `sdk`, on a free port of 127.0.0.1: an application of
// somebody else, to the server.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

export interface BlankSite {
  readonly url: string;
  stop(): Promise<void>;
}

const page = `<!doctype html><title>Blank</title><script type="module">
  import * as core from '/index.js';
  import * as chat from '/chat.js';
  import '/push.js';
  import '/element.js';
  globalThis.sdk = { core, chat };
</script>`;

const dist = join(import.meta.dirname, '../../dist');

/** `html` is every page of it, whatever its address. */
export async function startBlankSite(html = page): Promise<BlankSite> {
  const listener = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    if (!path.endsWith('.js')) {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
      return;
    }
    readFile(join(dist, normalize(path))).then(
      (file) => response.setHeader('content-type', 'text/javascript').end(file),
      () => response.writeHead(404).end(),
    );
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async stop() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
}

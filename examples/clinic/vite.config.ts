// How the clinic's web app is built.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), serviceWorker()],
  // Data URLs in the page would need a wider content security policy.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});

/**
 * The SDK's worker for notifications, under the name by which the SDK asks for it. It must come from the
 * app's own origin.
 */
function serviceWorker(): Plugin {
  const fileName = 'belfry-service-worker.js';
  const read = (): string => readFileSync(fileURLToPath(import.meta.resolve('@belfry/client/service-worker')), 'utf8');
  return {
    name: 'belfry-service-worker',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: read() });
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(read());
      });
    },
  };
}

// How the playground is built: one page with relative addresses, which the server serves at /playground/.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte()],
  // The SDK as it is written: it need not have been built before.
  resolve: { conditions: ['@belfry/source', ...defaultClientConditions] },
  // Data URLs in the page would need a wider content security policy.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Timings of the compiler are of no interest to those who start the server.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});

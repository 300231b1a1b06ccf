// How the clinic's web app is built.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Data URLs in the page would need a wider content security policy.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});

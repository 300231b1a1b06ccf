// `/sdk/`: the built browser SDK, for pages that load it with a plain `<script>` or `import` and have no
// bundler. The files are the build's.

import type { Middleware } from './context.ts';
import { Site } from './site.ts';

const sdkPath = '/sdk';

export function serveSdk(dir: string): Middleware {
  // Its files are not pages: one that is opened as a page may do nothing.
  const site = new Site({ path: sdkPath, dir, policy: "default-src 'none'" });
  return async (ctx, next) => {
    if (ctx.path.startsWith(`${sdkPath}/`)) {
      // Any page may load them, as from any server of libraries; and where this server is on the page's own
      // origin, its service worker may serve all of it.
      ctx.set({ 'Cross-Origin-Resource-Policy': 'cross-origin', 'Service-Worker-Allowed': '/' });
    }
    await site.serve(ctx, next);
  };
}

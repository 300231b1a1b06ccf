// Lets plugins outside the project import the kit and zod from the server. Not a way to import anything else
// of it.
import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A plugin's folder in PLUGINS_DIR is often just two files copied there: Node looks for `@belfry/plugin-kit`
 * only in the `node_modules` folders above it and finds none. Asking every author to install a copy would
 * also make two zods, and two kits that drift apart. What a plugin has installed itself wins.
 */
const served = /^(?:@belfry\/plugin-kit|zod)(?:\/|$)/;

/** From now on the modules in `roots` (absolute, links resolved) may import them. Returns the undoing. */
export function serveKit(roots: readonly string[]): () => void {
  const urls = roots.map((root) => pathToFileURL(root + sep).href);
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL;
      if (!served.test(specifier) || parent === undefined || !urls.some((url) => parent.startsWith(url))) {
        return nextResolve(specifier, context);
      }
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
  return () => hooks.deregister();
}

/** The conditions of `import` and `require`, in this order. */
function isNotFound(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

// The app whose deletion is asked about. Its dialog stands beside all screens: those of the app are gone before the
// app is erased to its end.
import type { App } from '#lib/api/shapes.ts';

class Deletion {
  /** Undefined: nobody asks. */
  app: App | undefined = $state.raw();

  ask(app: App): void {
    this.app = app;
  }

  end(): void {
    this.app = undefined;
  }
}

export const deletion = new Deletion();

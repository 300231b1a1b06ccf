// While the server is away, a screen that was never opened has no code to be shown by. Then one stays where one is,
// with all that is there, and is told why.
import { afterNavigate, beforeNavigate, goto, preloadCode } from '$app/navigation';
import { isUnsaved } from '#lib/forms/unsaved.ts';
import { presence } from '#lib/session/presence.svelte.ts';
import { showUnopened } from '#lib/ui/toast.ts';

/** For a component that stays as long as somebody is signed in. */
export function keepScreen(): void {
  const opened = new Set<string>();
  afterNavigate(({ to }) => {
    if (to?.route.id) opened.add(to.route.id);
  });
  beforeNavigate(({ to, willUnload, cancel }) => {
    const id = to?.route.id;
    // What is typed and not saved is asked about first.
    if (!presence.isAway || willUnload || !to || !id || opened.has(id) || isUnsaved()) return;
    cancel();
    preloadCode(id).then(() => {
      opened.add(id);
      void goto(to.url);
    }, showUnopened);
  });
}

// Gives what the browser reports of the page (seen, hidden, touched, online, cached, moved) to the life of
// the page. The consequences: page-lifecycle.ts.
import type { Attention } from './attention.ts';
import type { Line } from './line.ts';
import type { MessageEventHandler } from './message-event-handler.ts';
import type { PageLifecycle } from './page-lifecycle.ts';
import type { Surroundings, Unsubscribe } from './types.ts';

export interface BrowserEventsDeps {
  attention: Pick<Attention, 'input' | 'look' | 'stop'>;
  surroundings: Surroundings;
  lifecycle: Pick<PageLifecycle, 'wake' | 'hide' | 'show' | 'moveTo'>;
  line: Pick<Line, 'beat'>;
  messages: Pick<MessageEventHandler, 'flush'>;
  /** Where the page is read; undefined: the application says it itself. */
  mode: 'path' | 'hash' | undefined;
}

/** Until the returned function is called. */
export function followBrowser(deps: BrowserEventsDeps): Unsubscribe {
  const { surroundings, attention, lifecycle, line, messages, mode } = deps;
  const ends = [
    () => attention.stop(),
    surroundings.onInput(() => attention.input()),
    surroundings.onVisibility(() => {
      if (surroundings.isVisible()) lifecycle.wake();
      else line.beat();
      attention.look(true);
    }),
    surroundings.onOnline(() => lifecycle.wake()),
    // Some browsers say so of a connection that is still good: the server decides.
    surroundings.onOffline(() => line.beat()),
    surroundings.onPageHide((event) => {
      if (event === 'hide') messages.flush();
      lifecycle[event]();
    }),
  ];
  attention.look();
  if (mode) {
    const look = (): void => lifecycle.moveTo(surroundings.readPage(mode));
    look();
    ends.push(surroundings.onPage(mode, look));
  }
  return () => ends.forEach((end) => end());
}

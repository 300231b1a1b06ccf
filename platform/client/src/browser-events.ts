// Gives what the browser reports of the page (seen, hidden, online, cached, moved) to the life of the page.
// The consequences: page-lifecycle.ts.
import type { Line } from './line.ts';
import type { MessageEventHandler } from './message-event-handler.ts';
import type { PageLifecycle } from './page-lifecycle.ts';
import type { Surroundings, Unsubscribe } from './types.ts';

export interface BrowserEventsDeps {
  surroundings: Surroundings;
  lifecycle: Pick<PageLifecycle, 'wake' | 'hide' | 'show'>;
  line: Pick<Line, 'beat'>;
  messages: Pick<MessageEventHandler, 'flush'>;
  /** Where the page is read; undefined: the application says it itself. */
  mode: 'path' | 'hash' | undefined;
  moveTo: (path: string) => void;
}

/** Until the returned function is called. */
export function followBrowser(deps: BrowserEventsDeps): Unsubscribe {
  const { surroundings, lifecycle, line, messages, mode, moveTo } = deps;
  const ends = [
    surroundings.onVisibility(() => (surroundings.isVisible() ? lifecycle.wake() : line.beat())),
    surroundings.onOnline(() => lifecycle.wake()),
    surroundings.onPageHide((event) => {
      if (event === 'hide') messages.flush();
      lifecycle[event]();
    }),
  ];
  if (mode) {
    const look = (): void => moveTo(surroundings.readPage(mode));
    look();
    ends.push(surroundings.onPage(mode, look));
  }
  return () => ends.forEach((end) => end());
}

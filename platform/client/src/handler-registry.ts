// Which handler gets which events, on which page. An error of one handler reaches no other; the order of
// events is message-event-handler.ts's.
import { isUnder, type ServerEvent } from '@belfry/protocol';
import type { Belfry, EventHandler } from './types.ts';

export interface HandlerRegistry {
  /** `'*'` is every event. */
  on: Belfry['on'];
  emit: (event: ServerEvent) => void;
  /** Takes away the handlers of the page that is left. */
  moveTo(page: string): void;
  /** The newest event that was handed out. */
  last: () => ServerEvent | undefined;
  clear(): void;
}

interface Entry {
  action: string;
  handler: EventHandler;
  pattern: string | undefined;
}

export function createHandlerRegistry(firstPage: string, report: (error: unknown) => void): HandlerRegistry {
  const entries = new Set<Entry>();
  let page = firstPage;
  let last: ServerEvent | undefined;

  function call(handler: EventHandler, event: ServerEvent): void {
    try {
      // An async function fits the type as well; its rejection is an error of this handler like any other.
      const result = handler(event);
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  }

  return {
    on(action, handler, options) {
      // Events of an action have its data: the protocol says so.
      const entry = { action, handler: handler as EventHandler, pattern: options?.page };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    emit(event) {
      last = event;
      for (const entry of [...entries]) {
        const isWanted = entry.action === '*' || entry.action === event.action;
        // One that a handler before it took away is not called any more.
        if (isWanted && entries.has(entry) && isOf(page, entry.pattern)) call(entry.handler, event);
      }
    },
    moveTo(next) {
      for (const entry of entries) {
        if (isOf(page, entry.pattern) && !isOf(next, entry.pattern)) entries.delete(entry);
      }
      page = next;
    },
    last: () => last,
    clear: () => entries.clear(),
  };
}

function isOf(page: string, pattern: string | undefined): boolean {
  return pattern === undefined || isUnder(pattern, page);
}

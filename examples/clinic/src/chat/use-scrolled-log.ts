// The scroll position of a log that grows at both ends: it follows new messages while the newest are in view,
// and stands still while older ones are.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

interface ScrolledLog {
  log: RefObject<HTMLDivElement | null>;
  /** Put above the oldest: when it comes into sight, older ones are asked for. */
  top: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: () => void;
}

interface ScrolledLogOptions {
  /** Keys of the oldest and newest shown message. */
  firstKey: string | undefined;
  lastKey: string | undefined;
  /** The newest is the user's own: it is scrolled to from anywhere. */
  isLastMine: boolean;
  loadOlder: () => void;
}

/** Pixels from the end that still count as reading the newest. */
const endMargin = 60;

export function useScrolledLog({ firstKey, lastKey, isLastMine, loadOlder }: ScrolledLogOptions): ScrolledLog {
  const log = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const before = useRef({ firstKey, lastKey, height: 0, isAtEnd: true });

  const toEnd = useCallback(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    const element = log.current;
    if (element === null) return;
    const was = before.current;
    // Older messages were put above: those in view stay where they are.
    if (firstKey !== was.firstKey && lastKey === was.lastKey) element.scrollTop += element.scrollHeight - was.height;
    else if (lastKey !== was.lastKey && (was.isAtEnd || isLastMine)) toEnd();
    before.current = { ...was, firstKey, lastKey, height: element.scrollHeight };
  });

  useEffect(() => {
    const element = log.current;
    if (element === null) return undefined;
    const onScroll = (): void => {
      const isEnd = element.scrollHeight - element.scrollTop - element.clientHeight < endMargin;
      before.current.isAtEnd = isEnd;
      setAtEnd(isEnd);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    // Pictures that arrive late, and a composer that grows, move the end.
    const resized = new ResizeObserver(() => {
      if (before.current.isAtEnd) toEnd();
      before.current.height = element.scrollHeight;
    });
    resized.observe(element);
    for (const child of element.children) resized.observe(child);
    return () => {
      element.removeEventListener('scroll', onScroll);
      resized.disconnect();
    };
  }, [toEnd]);

  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && loadOlder(), {
      root: log.current,
      rootMargin: '300px 0px 0px 0px',
    });
    if (top.current !== null) seen.observe(top.current);
    return () => seen.disconnect();
    // Observed anew after each load: the sentinel may still be in sight, which is reported only once.
  }, [loadOlder, firstKey]);

  return { log, top, isAtEnd, toEnd };
}

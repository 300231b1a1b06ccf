// A small choice that outlives the page, kept in the browser; without storage it lasts as long as the page.
import { useCallback, useState } from 'react';

export function useStored<T extends string>(
  key: string,
  { allowed, otherwise }: { allowed: readonly T[]; otherwise: T },
): [T, (value: T) => void] {
  const [value, setValue] = useState(() => allowed.find((one) => one === read(key)) ?? otherwise);
  const store = useCallback(
    (next: T) => {
      setValue(next);
      write(key, next);
    },
    [key],
  );
  return [value, store];
}

// Browsers that block storage throw at the first touch.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It lasts as long as the page.
  }
}

// What a key does in a list. Whether a key is for the list at all: ui/single-key.ts; doing it: the table.

type ListStep =
  | { do: 'move'; to: number }
  | { do: 'open' }
  | { do: 'choose'; isRange: boolean }
  | { do: 'menu' }
  | { do: 'copy' }
  /** To the row before or behind the one that is open. */
  | { do: 'turn'; by: 1 | -1 };

interface Place {
  /** Of the row that has the focus, or had it last; -1: none had. */
  at: number;
  last: number;
  /** The row itself has the focus, not something in it or elsewhere. */
  isOnRow: boolean;
  singleKeys: boolean;
}

export function listStep(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  place: Place,
): ListStep | undefined {
  return (
    (place.isOnRow ? rowStep(key, place) : undefined) ?? (place.singleKeys ? signStep(key, shiftKey, place) : undefined)
  );
}

/** Keys that elsewhere scroll, or press what has the focus. */
function rowStep(key: string, { at, last }: Place): ListStep | undefined {
  switch (key) {
    case 'ArrowDown':
      return { do: 'move', to: Math.min(last, at + 1) };
    case 'ArrowUp':
      return { do: 'move', to: Math.max(0, at - 1) };
    case 'Home':
      return { do: 'move', to: 0 };
    case 'End':
      return { do: 'move', to: last };
    case 'Enter':
    case ' ':
      return { do: 'open' };
    default:
      return undefined;
  }
}

function signStep(key: string, shiftKey: boolean, { at, last, isOnRow }: Place): ListStep | undefined {
  switch (key) {
    // From elsewhere, to the row that had the focus last.
    case 'j':
      return { do: 'move', to: isOnRow ? Math.min(last, at + 1) : Math.max(0, at) };
    case 'k':
      return { do: 'move', to: isOnRow ? Math.max(0, at - 1) : Math.max(0, at) };
    case '[':
      return { do: 'turn', by: -1 };
    case ']':
      return { do: 'turn', by: 1 };
    case 'y':
      return { do: 'copy' };
    case 'o':
      return isOnRow ? { do: 'open' } : undefined;
    case 'x':
    case 'X':
      return isOnRow ? { do: 'choose', isRange: shiftKey } : undefined;
    case '.':
      return isOnRow ? { do: 'menu' } : undefined;
    default:
      return undefined;
  }
}

// Where a text stops being JSON. JSON.parse decides; this only says where, since its own messages quote the
// input and often leave the place out.

/**
 * The offset (in UTF-16 units) of the first character that no JSON text could have there; the length where
 * the text ends too early.
 */
export function jsonErrorPosition(text: string): number {
  let at = 0;
  // The closers that are owed. Kept in a list, not on the call stack: a body may open a million brackets.
  const open: string[] = [];
  for (;;) {
    skipSpace();
    const character = text[at];
    if (character === '{' || character === '[') {
      at += 1;
      open.push(character === '{' ? '}' : ']');
      skipSpace();
      if (text[at] !== open.at(-1)) {
        if (character === '{' && !key()) return at;
        continue;
      }
    } else if (!scalar()) {
      return at;
    }
    // A value has ended, or an empty container is about to: close what closes, then a comma or the end.
    for (;;) {
      skipSpace();
      const closer = open.at(-1);
      if (closer === undefined) return at;
      if (text[at] === closer) {
        at += 1;
        open.pop();
        continue;
      }
      if (text[at] !== ',') return at;
      at += 1;
      if (closer === '}' && !key()) return at;
      break;
    }
  }

  function skipSpace(): void {
    while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  }

  function key(): boolean {
    skipSpace();
    if (!match(string)) return false;
    skipSpace();
    if (text[at] !== ':') return false;
    at += 1;
    return true;
  }

  function scalar(): boolean {
    return match(string) || match(number) || match(word);
  }

  function match(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  }
}

const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

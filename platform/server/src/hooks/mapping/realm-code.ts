// The code that runs inside the bare realm, beside JSONata: its functions are taken there as text, so each
// stands alone and imports nothing. Making the realm: realm.ts.

/** The realm's global object has these beside the language itself. */
interface Bare {
  global?: unknown;
  Buffer?: unknown;
  jsonata?: (mapping: string, options: { stack: number; sequence: number }) => Compiled;
  question?: string;
  answer?: string | undefined;
  reason?: string | undefined;
  answerQuestion?: () => void;
}

interface Compiled {
  evaluate(input: unknown, bindings: Record<string, unknown>): Promise<unknown>;
  assign(name: string | symbol, value: unknown): void;
  ast(): unknown;
}

/**
 * Before JSONata is loaded: bounds the few calls of the language by which one step could make a text of half
 * a gigabyte out of nothing. A heap limit comes too late for a single huge text: it is noticed with the next
 * allocation. Gives JSONata's base64 functions what they look for.
 */
export function bound(maxChars: number): void {
  const tooLong = (): never => {
    throw new RangeError(`A text grew beyond ${maxChars} characters.`);
  };
  const textLength = (value: unknown): number => (typeof value === 'string' ? value.length : 0);

  const join = Array.prototype.join;
  Array.prototype.join = function (this: unknown[], separator?: string) {
    let chars = (separator ?? ',').length * Math.max(this.length - 1, 0);
    if (chars > maxChars || this.length > maxChars) return tooLong();
    for (const item of this) chars += textLength(item);
    return chars > maxChars ? tooLong() : join.call(this, separator);
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to each text in its turn, below
  const concat = String.prototype.concat;
  String.prototype.concat = function (this: string, ...parts: string[]) {
    let chars = this.length;
    for (const part of parts) chars += textLength(part);
    return chars > maxChars ? tooLong() : concat.apply(this, parts);
  };
  const stringify = JSON.stringify;
  type Replace = (key: string, value: unknown) => unknown;
  JSON.stringify = (value: unknown, replacer?: unknown, space?: string | number) => {
    let chars = 0;
    const counted = function (this: unknown, key: string, member: unknown): unknown {
      chars += key.length + textLength(member) + 4;
      if (chars > maxChars) tooLong();
      return typeof replacer === 'function' ? Reflect.apply(replacer as Replace, this, [key, member]) : member;
    };
    return stringify(value, counted, space);
  };

  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const toBase64 = (binary: string): string => {
    let text = '';
    for (let at = 0; at < binary.length; at += 3) {
      const left = binary.length - at;
      const bits =
        ((binary.charCodeAt(at) & 255) << 16) |
        ((left > 1 ? binary.charCodeAt(at + 1) & 255 : 0) << 8) |
        (left > 2 ? binary.charCodeAt(at + 2) & 255 : 0);
      text += digits.charAt(bits >> 18) + digits.charAt((bits >> 12) & 63);
      text += (left > 1 ? digits.charAt((bits >> 6) & 63) : '=') + (left > 2 ? digits.charAt(bits & 63) : '=');
    }
    return text;
  };
  const fromBase64 = (text: string): string => {
    let binary = '';
    let bits = 0;
    let count = 0;
    for (const character of text) {
      const value = digits.indexOf(character === '-' ? '+' : character === '_' ? '/' : character);
      if (value < 0) continue;
      bits = ((bits << 6) | value) & 0xff_ff_ff;
      count += 6;
      if (count < 8) continue;
      count -= 8;
      binary += String.fromCharCode((bits >> count) & 255);
    }
    return binary;
  };
  const bare = globalThis as Bare;
  bare.global = globalThis;
  // JSONata calls it with `new`.
  bare.Buffer = {
    from: class {
      readonly made: string;
      constructor(text: string, encoding: string) {
        this.made = encoding === 'base64' ? fromBase64(text) : toBase64(text);
      }
      toString(): string {
        return this.made;
      }
    },
  };
}

/**
 * After JSONata is loaded: nobody changes the language from here on, so that one app's mapping finds it as
 * every other's does.
 */
export function freeze(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value: unknown = Reflect.get(globalThis, name);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || value === globalThis) continue;
    const prototype: unknown = Reflect.get(value, 'prototype');
    if (typeof prototype === 'object' && prototype !== null) harden(prototype);
    Object.freeze(value);
  }

  /**
   * Frozen as it is, a prototype would also keep its heirs from having such a field of their own: a payload
   * with a `toString`, a list with a `push`.
   */
  function harden(prototype: object): void {
    for (const [key, { value, writable, configurable }] of Object.entries(
      Object.getOwnPropertyDescriptors(prototype),
    )) {
      if (writable !== true || configurable !== true) continue;
      Object.defineProperty(prototype, key, {
        get: () => value as unknown,
        set(this: object, own: unknown) {
          if (this === prototype) throw new TypeError('The language is not to be changed.');
          Object.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
        },
      });
    }
    Object.freeze(prototype);
  }
}

/**
 * Puts `answerQuestion` there, which answers the global `question` with `answer`, or with the `reason` why
 * there is none.
 */
export function install({
  textChars,
  listItems,
  depth,
}: {
  textChars: number;
  listItems: number;
  depth: number;
}): void {
  const bare = globalThis as Bare;
  const compiled = new Map<string, Compiled>();
  const keep = 200;

  bare.answerQuestion = () => {
    bare.answer = undefined;
    bare.reason = undefined;
    const asked = JSON.parse(bare.question ?? '') as { mapping: string; payload?: string };
    answer(asked).then(
      (json) => (bare.answer = json),
      (error: unknown) => (bare.reason = reasonOf(error)),
    );
  };

  async function answer({ mapping, payload }: { mapping: string; payload?: string }): Promise<string> {
    const expression = compile(mapping);
    if (payload === undefined) return '';
    const made = await expression.evaluate(JSON.parse(payload), {});
    if (made === undefined) throw new Error('The mapping made nothing of this payload.');
    return JSON.stringify(made, (key, value) => {
      if (typeof value === 'function' || isLambda(value))
        throw new Error(`There is a function in the result, at ${key}.`);
      return value as unknown;
    });
  }

  function compile(mapping: string): Compiled {
    const known = compiled.get(mapping);
    if (known !== undefined) return known;
    const { jsonata } = bare;
    if (jsonata === undefined) throw new Error('JSONata is not there.');
    const expression = jsonata(mapping, { stack: depth, sequence: listItems });
    if (names(expression.ast(), 'eval')) throw new Error('$eval is not available.');
    expression.assign('eval', undefined);
    // Called with what each part of the expression came to. A text that was put together piece by piece takes
    // no room before somebody looks into it.
    expression.assign(Symbol.for('jsonata.__evaluate_exit'), (...[, , , result]: unknown[]) => {
      if (typeof result === 'string' && result.length > textChars)
        throw new RangeError(`A text grew beyond ${textChars} characters.`);
    });
    const [oldest] = compiled.keys();
    if (compiled.size >= keep && oldest !== undefined) compiled.delete(oldest);
    compiled.set(mapping, expression);
    return expression;
  }

  /** Whether a variable of this name stands anywhere in the expression. */
  function names(node: unknown, variable: string): boolean {
    const open = [node];
    const seen = new Set<unknown>();
    while (open.length > 0) {
      const next = open.pop();
      if (typeof next !== 'object' || next === null || seen.has(next)) continue;
      seen.add(next);
      if (Reflect.get(next, 'type') === 'variable' && Reflect.get(next, 'value') === variable) return true;
      for (const part of Object.values(next) as unknown[]) open.push(part);
    }
    return false;
  }

  function isLambda(value: unknown): boolean {
    return typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value);
  }

  function reasonOf(error: unknown): string {
    const says: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : undefined;
    const position: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'position') : undefined;
    const message = typeof says === 'string' && says.length <= textChars ? says.slice(0, 500) : 'The mapping failed.';
    return typeof position === 'number' ? `${message} (at character ${position})` : message;
  }
}

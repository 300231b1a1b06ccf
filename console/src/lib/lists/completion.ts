// What may be typed next in a filter: the names of filters, and of the one that is typed the values that are known. It
// asks nobody: values come with the list, or are of its type. Reading what was typed: filter.ts.

export interface KnownFilter {
  name: string;
  title: string;
  /** The most frequent first. */
  values: readonly KnownValue[];
}

interface KnownValue {
  value: string;
  /** In words. */
  text: string;
  /** How much there is of it, where that is known. */
  count?: number;
}

export interface Completion {
  name: string;
  /** Undefined: the name alone. */
  value?: string;
  /** What it is, in words; empty where the code says it. */
  text: string;
  count?: number;
}

export interface Completions {
  /** Which part of what is typed they complete. */
  from: number;
  to: number;
  items: readonly Completion[];
}

interface Typed {
  text: string;
  caret: number;
}

interface Offered {
  names: readonly string[];
  known: readonly KnownFilter[];
  /** What is filtered by already. */
  chosen: readonly { name: string; value: string }[];
}

/** What a person can look through. */
const most = 50;

export function completionsOf({ text, caret }: Typed, { names, known, chosen }: Offered): Completions {
  const { from, to } = wordAt(text, caret);
  const typed = text.slice(from, caret);
  const [, name, part = ''] = /^([\w-]+):"?(.*)$/su.exec(typed) ?? [];
  const of = (each: string): KnownFilter | undefined => known.find((filter) => filter.name === each);
  if (name === undefined || !names.includes(name)) {
    const items = names.map((each) => ({ name: each, text: of(each)?.title ?? '' }));
    // A value with a colon in it is no beginning of a name.
    return { from, to, items: typed.includes(':') ? [] : fitting(items, typed, (item) => item.name) };
  }
  const values = (of(name)?.values ?? []).filter(
    ({ value }) => !chosen.some((token) => token.name === name && token.value === value),
  );
  const items = values.map(({ value, text: words, count }) => ({
    ...{ name, value, text: words === value ? '' : words },
    ...(count === undefined ? {} : { count }),
  }));
  return { from, to, items: fitting(items, part, (item) => item.value).slice(0, most) };
}

/** Those that begin with it before those that have it somewhere; among equals as they were. */
function fitting<C extends { text: string }>(items: readonly C[], part: string, codeOf: (item: C) => string): C[] {
  const wanted = part.toLowerCase();
  const rank = (item: C): number => {
    const [code, words] = [codeOf(item).toLowerCase(), item.text.toLowerCase()];
    if (code.startsWith(wanted)) return 0;
    if (words.startsWith(wanted)) return 1;
    return code.includes(wanted) || words.includes(wanted) ? 2 : 3;
  };
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** The word that the caret is in or behind; blanks between quotation marks are part of it. */
function wordAt(text: string, caret: number): { from: number; to: number } {
  let from = 0;
  let isQuoted = false;
  for (const { 0: letter, index } of text.slice(0, caret).matchAll(/["\s]/gu)) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted) from = index + 1;
  }
  const rest = text.slice(caret).search(isQuoted ? /"/u : /\s/u);
  return { from, to: rest === -1 ? text.length : caret + rest + (isQuoted ? 1 : 0) };
}

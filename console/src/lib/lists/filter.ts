// The filter of a list as it stands in the address, and as it is typed: `actor:anna action:page.* words`. Which
// filters a list has is the list's.

export interface FilterShape {
  /** Parameters of the address that are filters, in the order of their chips. */
  names: readonly string[];
  /** The parameter of what stands free. */
  text: string;
}

export interface Filter {
  tokens: readonly { name: string; value: string }[];
  text: string;
}

/** Each value once, however often an address has it. */
export function filterOfUrl(url: URLSearchParams, { names, text }: FilterShape): Filter {
  const tokens = names.flatMap((name) =>
    [...new Set(url.getAll(name))].filter((value) => value !== '').map((value) => ({ name, value })),
  );
  return { tokens, text: url.get(text) ?? '' };
}

/** Parameters that are no filter stay as they are, unknown ones too. */
export function urlOfFilter(url: URLSearchParams, filter: Filter, { names, text }: FilterShape): URLSearchParams {
  const next = new URLSearchParams(url);
  for (const name of [...names, text]) next.delete(name);
  for (const { name, value } of filter.tokens) next.append(name, value);
  if (filter.text !== '') next.set(text, filter.text);
  return next;
}

/**
 * Takes what is complete out of what is typed. A value with blanks stands in quotation marks; a name that is no
 * filter of this list is text.
 */
export function readTyped(typed: string, { names }: FilterShape): Filter {
  const tokens: { name: string; value: string }[] = [];
  const text = typed.replace(
    /(?:^|(?<=\s))([\w-]+):(?:"([^"]*)"|(\S+))/gu,
    (whole, ...groups: (string | undefined)[]) => {
      const [name = '', quoted, plain] = groups;
      const value = quoted ?? plain ?? '';
      if (!names.includes(name) || value === '') return whole;
      tokens.push({ name, value });
      return '';
    },
  );
  return { tokens, text: text.replace(/\s+/gu, ' ').trim() };
}

export function addTokens(filter: Filter, added: Filter): Filter {
  const isNew = ({ name, value }: { name: string; value: string }): boolean =>
    !filter.tokens.some((token) => token.name === name && token.value === value);
  return { tokens: [...filter.tokens, ...added.tokens.filter(isNew)], text: added.text };
}

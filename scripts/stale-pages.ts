// Says which generated pages differ from what is on disk. Does not write any.
export interface Page {
  /** Relative to the root of the repository. */
  file: string;
  text: string;
}

export interface StalePage extends Page {
  state: 'missing' | 'stale';
}

export async function stalePages(
  pages: readonly Page[],
  read: (file: string) => Promise<string>,
): Promise<StalePage[]> {
  const compared = await Promise.all(
    pages.map(async (page): Promise<StalePage | undefined> => {
      const onDisk = await read(page.file).catch(() => undefined);
      if (onDisk === undefined) return { ...page, state: 'missing' };
      // A checkout may have turned line ends around; the text is the same.
      return onDisk.replaceAll('\r\n', '\n') === page.text ? undefined : { ...page, state: 'stale' };
    }),
  );
  return compared.filter((page) => page !== undefined);
}

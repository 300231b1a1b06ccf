// Lists as files, which the server makes: where they are, and the two entries of a menu. Which filter holds is each
// screen's.
import { baseUrl } from '#lib/api/client.ts';
import type { MenuItem } from '#lib/ui/menu-items.ts';
import { m } from '#texts';

type Format = 'csv' | 'ndjson';

/** `path` is below the address of the API, encoded. */
export function exportUrl(path: string, params: URLSearchParams, format: Format): string {
  const asked = new URLSearchParams(params);
  asked.set('format', format);
  return `${baseUrl}/${path}?${asked.toString()}`;
}

export function exportItems(take: (format: Format) => void): MenuItem[] {
  return [
    { text: m.see_export_csv(), onselect: () => take('csv'), needsServer: true },
    { text: m.see_export_ndjson(), onselect: () => take('ndjson'), needsServer: true },
  ];
}

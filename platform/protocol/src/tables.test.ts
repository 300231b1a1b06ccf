// The generated pages hold every row of the tables.
import { describe, expect, it } from 'vitest';
import { closeCodes } from './close-codes.ts';
import { errorTable } from './error-table.ts';
import { pushReasons, realtimeReasons, stages } from './reasons.ts';
import { closeCodesMarkdown, errorsMarkdown, reasonsMarkdown } from './tables.ts';

describe('the generated pages', () => {
  it('say in their first line how they are made', () => {
    for (const page of [errorsMarkdown(), reasonsMarkdown()]) {
      expect(page.split('\n')[0]).toContain('npm run generate');
      expect(page.endsWith('\n')).toBe(true);
    }
  });

  it('name every error and every close code', () => {
    const page = errorsMarkdown();
    for (const [code, row] of Object.entries(errorTable))
      expect(page).toContain(`| \`${code}\` | ${row.status} | ${row.retry} |`);
    for (const [name, row] of Object.entries(closeCodes)) expect(page).toContain(`| ${row.code} | \`${name}\` |`);
    expect(page).toContain(closeCodesMarkdown());
  });

  it('name every reason and stage', () => {
    const page = reasonsMarkdown();
    for (const name of Object.keys({ ...realtimeReasons, ...pushReasons, ...stages }))
      expect(page).toContain(`| \`${name}\` |`);
  });

  it('have no table row that breaks', () => {
    const rows = `${errorsMarkdown()}${reasonsMarkdown()}`.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.every((row) => row.endsWith('|'))).toBe(true);
  });
});

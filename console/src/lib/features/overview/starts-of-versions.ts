// Where a node of another version began, as marks over the charts.
import { look } from '#lib/shell/look.svelte.ts';
import { exactTime } from '#lib/texts/times.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';
import type { Mark } from './chart-mark.ts';

export function startsOfVersions(starts: readonly { at: string; version: string }[]): Mark[] {
  return starts.map(({ at, version }) => {
    const atMs = Date.parse(at);
    const when = exactTime(atMs, look.times);
    return { at: atMs, text: m.chart_version({ version: visibleText(version), when }) };
  });
}

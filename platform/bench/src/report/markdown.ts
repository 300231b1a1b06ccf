// The report for people: a table of targets, and one of figures for each scenario.
import { least, median } from '../measure/statistics.ts';
import { isReached, type Figure, type Reach } from '../scenario.ts';
import type { Report, ScenarioReport } from './report.ts';

/**
 * The most values of one figure in its row; of more, only the first, the last and the largest are printed.
 */
const mostShown = 10;

export function markdownOf(report: Report): string {
  const { cpu, cores, memoryGiB, kernel, node, date } = report.machine;
  return [
    `Measured on ${date}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, Node ${node}; ${report.rounds} rounds.`,
    ...(report.quick ? ['With `--quick`: these numbers mean nothing.'] : []),
    table(['scenario', 'reach', 'measured', ''], report.scenarios.flatMap(reachRows)),
    'Limits raised for it: ' +
      report.raisedLimits.map(({ name, value, because }) => `\`${name}\` to ${value} (${because})`).join('; ') +
      '.',
    ...report.scenarios.flatMap(scenarioPart),
  ].join('\n\n');
}

/** A number with as many digits as mean something. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  return size >= 100
    ? value.toFixed(0)
    : size >= 10
      ? value.toFixed(1)
      : size >= 1
        ? value.toFixed(2)
        : value.toFixed(3);
}

function reachRows({ name, reaches, failure }: ScenarioReport): string[][] {
  if (failure !== undefined) return [[name, '', 'failed', 'failed']];
  if (reaches.length === 0) return [[name, 'printed only', '', '']];
  return reaches.map((reach) => [
    name,
    reachText(reach),
    numberText(reach.value),
    isReached(reach) ? 'reached' : 'missed',
  ]);
}

function reachText({ what, bound, unit }: Reach): string {
  const sign = 'most' in bound ? `≤ ${bound.most}` : `≥ ${bound.least}`;
  return `${what} ${sign} ${unit === 'ratio' ? '' : unit}`.trim();
}

function scenarioPart({ name, about, figures, notes = [], failure }: ScenarioReport): string[] {
  return [
    `### ${name}`,
    about,
    ...(failure === undefined ? [] : [`Failed: ${failure.split('\n')[0] ?? ''}`]),
    ...(figures.length === 0
      ? []
      : [table(['whose', 'what', 'unit', 'median', 'min', 'rounds'], figures.map(figureRow))]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
  ];
}

function figureRow({ of, what, unit, values }: Figure): string[] {
  const [first = Number.NaN] = values;
  const all = values.map(numberText).join(', ');
  const rounds =
    values.length <= mostShown
      ? all
      : `${numberText(first)} … ${numberText(values.at(-1) ?? first)}, most ${numberText(Math.max(...values))}`;
  return [of, what, unit, numberText(median(values)), numberText(least(values)), values.length > 1 ? rounds : ''];
}

/** Padded as the formatter would. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

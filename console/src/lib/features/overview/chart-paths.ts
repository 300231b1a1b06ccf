// The lines and areas of a chart as paths; a gap in what was measured is a gap in the line.

export interface Line {
  name: string;
  /** Time, and value; null where nothing was measured. The same times in every line. */
  points: readonly (readonly [at: number, value: number | null])[];
}

export interface Box {
  widthPx: number;
  heightPx: number;
  fromMs: number;
  toMs: number;
  /** A value that has room as well: of lines that are drawn over these. */
  mostValue?: number;
}

export interface Drawn {
  /** The value at the upper line. */
  top: number;
  paths: { name: string; line: string; area?: string }[];
}

/** Above it stands the greatest value. */
const headPx = 16;

export function linePaths(lines: readonly Line[], box: Box): Drawn {
  const top = niceTop(Math.max(box.mostValue ?? 0, mostOf(lines)));
  const at = placing(box, top);
  return {
    top,
    paths: lines.map(({ name, points }) => ({
      name,
      line: runsOf(points)
        .map((run) => run.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x, y)}`).join(''))
        .join(''),
    })),
  };
}

/** The greatest value; 0 where there is none. */
export function mostOf(lines: readonly Line[]): number {
  return Math.max(0, ...lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0)));
}

/** Without any marks: from nothing at the lower edge to the greatest value at the upper one. */
export function sparkPath(points: Line['points'], box: Omit<Box, 'mostValue'>): string {
  const { widthPx, heightPx, fromMs, toMs } = box;
  const most = mostOf([{ name: '', points }]) || 1;
  // Half a line wide inside of the edges.
  const yOf = (value: number): number => heightPx - 1 - (value / most) * (heightPx - 2);
  return runsOf(points)
    .map((run) =>
      run
        .map(([at, value], index) => {
          const x = ((at - fromMs) / (toMs - fromMs)) * widthPx;
          return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${yOf(value).toFixed(1)}`;
        })
        .join(''),
    )
    .join('');
}

/** Each on top of the ones before it. */
export function areaPaths(lines: readonly Line[], box: Box): Drawn {
  const sums = new Map<number, number>();
  const stacked = lines.map(({ name, points }) => ({
    name,
    points: points.map(([at, value]): [number, number, number] | [number, null] => {
      if (value === null) return [at, null];
      const below = sums.get(at) ?? 0;
      sums.set(at, below + value);
      return [at, below + value, below];
    }),
  }));
  const top = niceTop(Math.max(box.mostValue ?? 0, ...sums.values()));
  const at = placing(box, top);
  return {
    top,
    paths: stacked.map(({ name, points }) => {
      const runs = splitAtGaps(points);
      const line = runs
        .map((run) => run.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x, y)}`).join(''))
        .join('');
      const area = runs
        .map((run) => {
          const up = run.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x, y)}`).join('');
          const back = run
            .toReversed()
            .map(([x, , below]) => `L${at(x, below)}`)
            .join('');
          return `${up}${back}Z`;
        })
        .join('');
      return { name, line, area };
    }),
  };
}

/** What each line has nearest to this moment. */
export function nearest(lines: readonly Line[], atMs: number): { name: string; at: number; value: number | null }[] {
  return lines.flatMap(({ name, points }) => {
    let best: readonly [number, number | null] | undefined;
    for (const point of points) {
      if (best === undefined || Math.abs(point[0] - atMs) < Math.abs(best[0] - atMs)) best = point;
    }
    return best === undefined ? [] : [{ name, at: best[0], value: best[1] }];
  });
}

/** 1, 2 or 5 times a power of ten. */
export function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}

function placing({ widthPx, heightPx, fromMs, toMs }: Box, top: number): (atMs: number, value: number) => string {
  return (atMs, value) => {
    const x = ((atMs - fromMs) / (toMs - fromMs)) * widthPx;
    const y = heightPx - (value / top) * (heightPx - headPx);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
}

function runsOf(points: Line['points']): [number, number][][] {
  const runs: [number, number][][] = [[]];
  for (const [at, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push([at, value]);
  }
  return runs.filter((run) => run.length > 0);
}

function splitAtGaps(points: readonly ([number, number, number] | [number, null])[]): [number, number, number][][] {
  const runs: [number, number, number][][] = [[]];
  for (const [at, value, below] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push([at, value, below]);
  }
  return runs.filter((run) => run.length > 0);
}

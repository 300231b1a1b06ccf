// The live figures as numbers, a curve and bars.
import type { LiveStats } from '@belfry/client/chat';
import { useTexts } from '../language.tsx';
import { useLiveStats } from './use-live-stats.ts';

export function LiveFigures() {
  const texts = useTexts();
  const stats = useLiveStats();
  const latest = stats.at(-1);
  const devices: Readonly<Record<string, string>> = texts.admin.device;
  return (
    <section className="panel panel-figures" aria-labelledby="figures-heading">
      <h2 id="figures-heading">{texts.admin.stats}</h2>
      {latest === undefined ? (
        <p className="quiet">{texts.admin.statsWaiting}</p>
      ) : (
        <>
          <dl className="figures">
            <Figure name={texts.admin.connections} value={latest.connections.total} id="connections" />
            <Figure name={texts.admin.users} value={latest.users} id="users" />
            <Figure name={texts.admin.messagesPerSecond} value={latest.messagesPerSecond} id="messages" />
          </dl>
          <Curve stats={stats} />
          <div className="bars-pair">
            <Bars title={texts.admin.byPage} counts={latest.connections.byPage} />
            <Bars
              title={texts.admin.byDevice}
              counts={latest.connections.byDeviceType}
              nameOf={(type) => devices[type] ?? type}
            />
          </div>
        </>
      )}
    </section>
  );
}

function Figure({ name, value, id }: { name: string; value: number; id: string }) {
  return (
    <div className="figure" data-figure={id}>
      <dt>{name}</dt>
      <dd>{Number.isInteger(value) ? value : value.toFixed(1)}</dd>
    </div>
  );
}

const curveWidth = 240;
const curveHeight = 40;

/** Of the messages a second; decoration beside the number. */
function Curve({ stats }: { stats: readonly LiveStats[] }) {
  const highest = Math.max(1, ...stats.map(({ messagesPerSecond }) => messagesPerSecond));
  const points = stats.map(({ messagesPerSecond }, index) => {
    const x = stats.length === 1 ? curveWidth : (index / (stats.length - 1)) * curveWidth;
    return `${x.toFixed(1)},${(curveHeight - 2 - (messagesPerSecond / highest) * (curveHeight - 4)).toFixed(1)}`;
  });
  return (
    <svg className="curve" viewBox={`0 0 ${curveWidth} ${curveHeight}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

interface BarsProps {
  title: string;
  counts: Readonly<Record<string, number>>;
  nameOf?: (key: string) => string;
}

function Bars({ title, counts, nameOf = (key) => key }: BarsProps) {
  const rows = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  const highest = Math.max(1, ...rows.map(([, count]) => count));
  return (
    <div className="bars">
      <h3>{title}</h3>
      <ul>
        {rows.map(([key, count]) => (
          <li key={key}>
            <span className="bar-name">{nameOf(key)}</span>
            <span className="bar-count">{count}</span>
            <span className="bar" style={{ inlineSize: `${(count / highest) * 100}%` }} />
          </li>
        ))}
      </ul>
    </div>
  );
}

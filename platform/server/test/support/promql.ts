// Reads queries of Prometheus: which metrics and which labels each asks for. Runs none.

import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

export interface AskedFor {
  /** Each selector: the metric, and the labels it is chosen by. */
  selectors: { metric: string; labels: string[] }[];
  /** Labels of `by`, `without`, `on`, `ignoring` and the like. */
  grouping: string[];
}

/** Throws for a text that is no query. Variables of Grafana are filled in before. */
export function readQuery(text: string): AskedFor {
  const query = withoutVariables(text);
  const asked: AskedFor = { selectors: [], grouping: [] };
  parser.parse(query).iterate({
    enter({ node, type }) {
      if (type.isError) throw new Error(`no query of Prometheus, at ${node.from}: ${query}`);
      if (node.name === 'VectorSelector') {
        const metric = node.getChild('Identifier');
        if (metric === null) throw new Error(`a selector without a name: ${query}`);
        const labels = labelsIn(node.getChild('LabelMatchers'), query);
        asked.selectors.push({ metric: textOf(metric, query), labels });
      }
      if (node.name === 'GroupingLabels') asked.grouping.push(...labelsIn(node, query));
    },
  });
  return asked;
}

/** `$job` in a text may stay, since a text may be anything. */
function withoutVariables(text: string): string {
  return text.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '1h');
}

function labelsIn(node: SyntaxNode | null, query: string): string[] {
  const found: string[] = [];
  node?.cursor().iterate((each) => {
    if (each.name === 'LabelName') found.push(textOf(each, query));
  });
  return found;
}

function textOf({ from, to }: { from: number; to: number }, query: string): string {
  return query.slice(from, to);
}

// The nodes of the installation as the people of an app may know them: name, role, version, whether it takes
// connections, and how many of the app it has. Not addresses and load, which are the operator's.

import { subject, type NodeLine } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Registry } from '../registry.ts';

export const nodeStates = ['starting', 'ready', 'draining', 'not_ready'] as const;

export interface NodeItself {
  role: string;
  version: string;
  state: (typeof nodeStates)[number];
}

interface Answer extends NodeItself {
  connections: number;
}

/** Of a node that does not know the question, its name alone. */
export type NodeOfApp = { node: string } & Partial<Answer>;

const readNode = subject<{ app: AppId }, Answer>('nodes/1 read');

interface NodesOfAppDeps {
  registry: Pick<Registry, 'ofApp'>;
  line: NodeLine;
  /** As it is when asked. */
  itself: () => NodeItself;
}

export class NodesOfApp {
  readonly #line: NodeLine;

  constructor({ registry, line, itself }: NodesOfAppDeps) {
    this.#line = line;
    line.handle(readNode, ({ app }) => ({ ...itself(), connections: registry.ofApp(app)?.size ?? 0 }));
  }

  /** By name. `silent`: nodes that did not answer. */
  async of(app: AppId): Promise<{ items: readonly NodeOfApp[]; silent: readonly string[] }> {
    const { by, silent } = await this.#line.ask(readNode, { app });
    const wordless = this.#line.others.filter((node) => !by.has(node) && !silent.includes(node));
    const items = [...Array.from(by, ([node, answer]) => ({ node, ...answer })), ...wordless.map((node) => ({ node }))];
    return { items: items.toSorted((a, b) => (a.node < b.node ? -1 : 1)), silent };
  }
}

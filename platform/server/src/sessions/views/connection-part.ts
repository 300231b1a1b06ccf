// This node's connections in a list of all nodes': its rows in a window, its numbers, and where which row stands. Saying
// it: view-parts.ts. Putting parts together: merged-view.ts.

import type { Asked } from '../../concurrency/node-line.ts';
import { connectionKey, connectionOrder, connectionShape, connectionTests, placeOrder } from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import {
  codesFor,
  type lookAtPart,
  type Marks,
  type PartAnswer,
  type PartOfConnections,
  type PartWord,
} from './part.ts';
import { View } from './view.ts';

const fewestPerMark = 20;
const mostMarks = 500;
/** Of one window; a little more than was asked for is fetched at either end. */
const mostRows = 3000;

export class ConnectionPart {
  readonly #view: View<ConnectionRow>;
  #n = 0;

  constructor(asked: PartOfConnections, rows: Iterable<ConnectionRow>) {
    const { filter, sort, isDescending, window, atMs } = asked;
    this.#view = new View({
      tests: connectionTests(filter, atMs),
      compare: connectionOrder(sort, isDescending),
      shape: connectionShape,
      ...{ rows, window, part: { keyOf: connectionKey(sort), comparePlaces: placeOrder(isDescending) } },
    });
  }

  get n(): number {
    return this.#n;
  }

  change(id: string, row: ConnectionRow | undefined): void {
    this.#view.change(id, row);
  }

  answer(): PartAnswer<ConnectionRow> {
    const { from, rows, total, strangers, fresh, facets } = this.#view.answer();
    const numbers = { total, strangers, fresh };
    const people = codesFor(this.#view.people());
    return { n: this.#n, from, rows, length: this.#view.length, places: this.#view.places(), numbers, people, facets };
  }

  look({ window, between, refresh }: Asked<typeof lookAtPart>): PartAnswer<ConnectionRow> {
    this.#bringUp(refresh);
    if (between === undefined) this.#view.look(window);
    else {
      const from = this.#view.countBefore(between.first);
      const end = between.end === undefined ? this.#view.length : this.#view.countBefore(between.end);
      const size = Math.min(mostRows, Math.max(0, end - from));
      this.#view.look({ from, size, follows: false });
    }
    return this.answer();
  }

  marks(refresh: boolean): Marks {
    this.#bringUp(refresh);
    const { length } = this.#view;
    const every = Math.max(fewestPerMark, Math.ceil(length / mostMarks));
    return { every, length, marks: this.#view.marks(every) };
  }

  next(nowMs: number): PartWord<ConnectionRow> | undefined {
    const delta = this.#view.delta(nowMs);
    const people = this.#view.takePeople();
    const [came, went] = [codesFor(people.came), codesFor(people.went)];
    if (delta === undefined && came === '' && went === '') return undefined;
    this.#n += 1;
    const { from, length } = this.#view;
    const { put, gone, out, facets } = delta ?? { put: [], gone: [], out: [] };
    const { total, strangers, fresh } = this.#view.numbers;
    return {
      ...{ n: this.#n, from, length, put, gone, out, came, went, numbers: { total, strangers, fresh } },
      ...(facets === undefined ? {} : { facets }),
    };
  }

  /** Rows that went leave, and with `refresh` those that wait take their places. */
  #bringUp(refresh: boolean): void {
    this.#view.look({ from: 0, size: 0, follows: false }, { refresh });
  }
}

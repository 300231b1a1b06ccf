// A list that three nodes have parts of, against the same list made anew out of all connections.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asAppId } from '../../ports/app-id.ts';
import { base, filterArbitrary, Looker, nowMs, rowArbitrary, rowOf } from '../test/rows.fixture.ts';
import {
  connectionKey,
  connectionOrder,
  connectionShape,
  connectionSorts,
  connectionTests,
  placeOrder,
  type ConnectionFilter,
} from './connection-filter.ts';
import { ConnectionPart } from './connection-part.ts';
import type { ConnectionRow } from './connection-row.ts';
import { MergedView } from './merged-view.ts';
import { rangeOf } from './part-range.ts';
import type { PartWord } from './part.ts';
import type { ViewAnswer, Window } from './view-shape.ts';
import { View } from './view.ts';

const names = ['n1', 'n2', 'n3'] as const;

interface Churn {
  filter: ConnectionFilter;
  sort: (typeof connectionSorts)[number];
  isDescending: boolean;
  window: Window;
  seed: number;
  steps: number;
  /** Words that do not arrive. */
  lose?: (word: PartWord<ConnectionRow>, step: number) => boolean;
  /** Whether a hole is noticed. */
  isDeaf?: boolean;
  onHole?: () => void;
}

/** As on a wire. */
function sent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

class Nodes {
  readonly world = new Map<string, { node: string; row: ConnectionRow }>();
  readonly parts = new Map<string, ConnectionPart>();
  readonly merged: MergedView<ConnectionRow>;
  readonly #asked: Churn;

  constructor(asked: Churn) {
    this.#asked = asked;
    const { sort, isDescending, window } = asked;
    this.merged = new MergedView({ keyOf: connectionKey(sort), compare: placeOrder(isDescending), window });
  }

  come(node: string): void {
    const { filter, sort, isDescending, window } = this.#asked;
    const rows = [...this.world.values()].filter((each) => each.node === node).map(({ row }) => row);
    const asked = { id: 'v', app: asAppId('demo'), filter, sort, isDescending, window: { ...window, from: 0 } };
    const part = new ConnectionPart({ ...asked, atMs: nowMs }, rows);
    this.parts.set(node, part);
    this.merged.put(node, sent(part.answer()));
  }

  /** With all that it has. */
  go(node: string): void {
    this.parts.delete(node);
    for (const [id, { node: of }] of this.world) if (of === node) this.world.delete(id);
    this.merged.drop(node);
  }

  change(id: string, to: { node: string; row: ConnectionRow } | undefined): void {
    const node = to?.node ?? this.world.get(id)?.node ?? '';
    if (to === undefined) this.world.delete(id);
    else this.world.set(id, to);
    this.parts.get(node)?.change(id, to?.row);
  }

  look(window: Window, refresh = true): ViewAnswer<ConnectionRow> {
    const compare = placeOrder(this.#asked.isDescending);
    const marks = [...this.parts.values()].map((part) => sent(part.marks(refresh)));
    const { first, end } = rangeOf(marks, window, compare);
    const between = window.from === 0 || first === undefined ? undefined : { first, end };
    for (const [node, part] of this.parts) {
      const asked = { id: 'v', window, refresh, ...(between === undefined ? {} : { between }) };
      this.merged.put(node, sent(part.look(sent(asked))));
    }
    return this.merged.look(window);
  }

  /** Says what changed, and reads anew where something was lost. */
  speak(step: number): void {
    const { lose, isDeaf = false, onHole } = this.#asked;
    for (const [node, part] of this.parts) {
      const word = part.next(step * 2000);
      if (word === undefined || lose?.(word, step) === true) continue;
      const heard = isDeaf ? { ...word, n: (this.merged.numberOf(node) ?? 0) + 1 } : word;
      if (this.merged.take(node, sent(heard))) continue;
      onHole?.();
      this.merged.put(node, sent(part.answer()));
    }
  }

  /** Looks for words that were lost and that no later one told of. */
  hold(): void {
    for (const [node, part] of this.parts) {
      if (part.n > (this.merged.numberOf(node) ?? 0)) this.merged.put(node, sent(part.answer()));
    }
  }

  listed(window: Window): View<ConnectionRow> {
    const { filter, sort, isDescending } = this.#asked;
    return new View({
      ...{
        tests: connectionTests(filter, nowMs),
        compare: connectionOrder(sort, isDescending),
        shape: connectionShape,
      },
      ...{ rows: [...this.world.values()].map(({ row }) => row), window },
    });
  }
}

/** Connections come, change and go at three nodes, which go and come too; what the looker has is compared. */
function churn(asked: Churn): void {
  const { window, seed, steps } = asked;
  const random = fc.sample(rowArbitrary, { seed, numRuns: 400 });
  let state = seed >>> 0;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const nodes = new Nodes(asked);
  let made = 0;
  const rowFor = (id: string) => rowOf(id, random[next(random.length)] ?? ({} as never));
  const add = (node: string): void => {
    const id = `id-${String((made += 1)).padStart(6, '0')}`;
    nodes.change(id, { node, row: rowFor(id) });
  };
  for (const node of names) nodes.come(node);
  for (let count = 0; count < 200; count += 1) add(names[next(3)] ?? 'n1');
  let looker = new Looker(nodes.look(window), window.size);
  for (let step = 0; step < steps; step += 1) {
    for (let each = next(4); each > 0; each -= 1) {
      const ids = [...nodes.world.keys()];
      const id = ids[next(ids.length)] ?? '';
      const known = nodes.world.get(id);
      const what = next(3);
      const live = [...nodes.parts.keys()];
      if (what === 0 || known === undefined || ids.length < 120) add(live[next(live.length)] ?? 'n1');
      else if (what === 1 && ids.length > 160) nodes.change(id, undefined);
      else nodes.change(id, { node: known.node, row: rowFor(id) });
    }
    let isAnew = false;
    if (step % 150 === 149) nodes.go('n3');
    if (step % 150 === 149 && !window.follows) isAnew = true;
    if (step % 150 === 9 && step > 150) {
      nodes.come('n3');
      isAnew = !window.follows;
    }
    nodes.speak(step);
    if (step % 10 === 9 && asked.isDeaf !== true) nodes.hold();
    if (nodes.merged.isShort) isAnew = true;
    if (isAnew) looker = new Looker(nodes.look({ ...window, from: window.from === 0 ? 0 : next(60) }), window.size);
    else {
      const delta = nodes.merged.delta();
      if (delta !== undefined) looker.take(sent(delta));
    }
    if (step % 10 !== 9) continue;
    const list = nodes.listed(window);
    const { total, people, strangers, facets } = list.answer();
    expect(looker.numbers).toMatchObject({ total, people, strangers });
    expect(looker.facets).toEqual(facets);
    if (window.follows) expect(looker.rows).toEqual(list.all().slice(0, window.size));
    else {
      for (const row of looker.rows) expect(row).toEqual(nodes.world.get(row.id)?.row);
      if (step % 100 !== 99) continue;
      const answer = nodes.look({ ...window, from: next(150) });
      looker = new Looker(answer, window.size);
      expect(looker.rows).toEqual(list.all().slice(answer.from, answer.from + window.size));
    }
  }
}

const follows = { from: 0, size: 25, follows: true };

test('ten thousand steps at three nodes, one of which goes and comes, leave who looks with what a new list says', () => {
  churn({ filter: {}, sort: 'connectedAt', isDescending: true, window: follows, seed: 7, steps: 10_000 });
});

test('each filter, order and place holds while connections of three nodes come, change and go', () => {
  fc.assert(
    fc.property(
      filterArbitrary,
      fc.constantFrom(...connectionSorts),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 2 ** 30 }),
      (filter, sort, isDescending, isFollowing, place, seed) => {
        const window = { from: isFollowing ? 0 : place, size: 20, follows: isFollowing };
        churn({ filter, sort, isDescending, window, seed, steps: 320 });
      },
    ),
    { numRuns: 30 },
  );
});

test('a lost word is found by its number, and the part is read anew', () => {
  let holes = 0;
  const lose = (_word: unknown, step: number) => step % 40 === 17;
  churn({
    ...{ filter: {}, sort: 'rtt', isDescending: true, window: follows, seed: 3, steps: 400, lose },
    onHole: () => void (holes += 1),
  });
  expect(holes).toBeGreaterThan(5);
});

test('a lost word that nobody looks for is found by the comparison', () => {
  let isLost = false;
  const lose = ({ gone }: PartWord<ConnectionRow>, step: number) => !isLost && step > 50 && (isLost = gone.length > 0);
  expect(() =>
    churn({
      ...{ filter: {}, sort: 'connectedAt', isDescending: true, window: follows, seed: 11, steps: 200 },
      ...{ lose, isDeaf: true },
    }),
  ).toThrow();
});

test('somebody who is connected at two nodes is one person', () => {
  const window = { from: 0, size: 10, follows: true };
  const nodes = new Nodes({ filter: {}, sort: 'user', isDescending: false, window, seed: 1, steps: 0 });
  for (const node of names) nodes.come(node);
  for (const node of names) nodes.change(`at-${node}`, { node, row: { ...base, id: `at-${node}`, user: 'bob', node } });
  expect(nodes.look(window)).toMatchObject({ total: 3, people: 1 });
  nodes.change('at-n1', undefined);
  nodes.speak(1);
  expect(nodes.merged.delta()).toMatchObject({ total: 2, people: 1, gone: ['at-n1'] });
  nodes.go('n2');
  nodes.go('n3');
  expect(nodes.merged.delta()).toMatchObject({ total: 0, people: 0, gone: ['at-n2', 'at-n3'] });
});

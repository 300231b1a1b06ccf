// What a node says of its part of a list that another node puts together: plain JSON, for the way between nodes.

import { hash } from 'node:crypto';
import { subject } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { ConnectionFilter, ConnectionSort } from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import type { LiveFilter } from './live-feed.ts';
import type { Facet, Place, Put, SortKey, ViewNumbers, Window } from './view-shape.ts';

type PartNumbers = Pick<ViewNumbers, 'total' | 'strangers' | 'fresh'>;

export interface PartAnswer<R> {
  n: number;
  from: number;
  rows: readonly R[];
  /** Rows of the part that have a place. */
  length: number;
  /** What those rows are placed by that say another thing now: a list of one, of none for no value. */
  places: readonly (readonly [id: string, key: readonly SortKey[]])[];
  numbers: PartNumbers;
  /** All of them, as `codesOf` reads it: the same person at two nodes is one. */
  people: string;
  facets: Readonly<Record<string, readonly Facet[]>>;
}

/** Changes of the part's window, as in ViewDelta; numbers as they are. */
export interface PartWord<R> {
  n: number;
  from: number;
  length: number;
  put: readonly (Put & { place?: readonly SortKey[] } & Partial<Record<keyof R, unknown>>)[];
  gone: readonly string[];
  out: readonly string[];
  numbers: PartNumbers;
  came: string;
  went: string;
  /** Only those that changed. */
  facets?: Readonly<Record<string, readonly Facet[]>>;
}

const codeChars = 8;

/** Each as long as the other, one after the other: names may be long, and there may be ten thousand. */
export function codesFor(people: readonly string[]): string {
  return people.map((person) => hash('sha1', person, 'base64').slice(0, codeChars)).join('');
}

export function codesOf(people: string): string[] {
  return Array.from({ length: people.length / codeChars }, (_, at) =>
    people.slice(at * codeChars, (at + 1) * codeChars),
  );
}

export interface PartOfConnections {
  id: string;
  app: AppId;
  filter: ConnectionFilter;
  sort: ConnectionSort;
  isDescending: boolean;
  window: Window;
  /** The age of connections is as of this moment. */
  atMs: number;
}

/** What passes in an app, or over one connection; or what one did. */
export type PartOfStream = { id: string; app: AppId } & StreamKind;
export type StreamKind =
  | { kind: 'live'; filter: LiveFilter }
  | { kind: 'frames'; connectionId: string; withBodies: boolean }
  | { kind: 'history'; connectionId: string };

/** What stands where in a part: each so many rows. */
export interface Marks {
  every: number;
  length: number;
  marks: readonly Place[];
}

type Connections = PartAnswer<ConnectionRow>;

/** A node has a part from then on, until it is closed or nobody holds it. */
export const openPart = subject<PartOfConnections, Connections>('views/1 open');
export const openStreamPart = subject<PartOfStream, { isThere: boolean }>('views/1 open stream');
/** A node that has no histories would take it for frames. */
export const openHistoryPart = subject<PartOfStream, { isThere: boolean }>('views/1 open history');
/** `between`: of the rows from one place to before another, in place of a window that begins with the first row. */
export const lookAtPart = subject<
  { id: string; window: Window; between?: { first: Place; end: Place | undefined }; refresh: boolean },
  Connections
>('views/1 look');
/** As it is, after words were lost. */
export const readPart = subject<{ id: string }, Connections>('views/1 read');
export const markPart = subject<{ id: string; refresh: boolean }, Marks>('views/1 marks');
/** Which of these a node has, with the number of the last word that it said of each. */
export const holdParts = subject<{ ids: readonly string[] }, { held: readonly (readonly [string, number])[] }>(
  'views/1 hold',
);
export const closePart = subject<{ id: string }>('views/1 close');
export const partChanged = subject<{ id: string; word: PartWord<ConnectionRow> }>('views/1 changed');
export const partPassed = subject<{ id: string; rows: readonly { at: string }[]; seen: number }>('views/1 passed');

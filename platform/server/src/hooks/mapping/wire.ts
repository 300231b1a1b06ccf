// The questions and answers between the server and a mapping process, one at a time. Only text and plain
// words: nothing that could carry more.

export type Question = { ask: 'check'; mapping: string } | { ask: 'map'; mapping: string; payload: string };

/**
 * `json` is what the mapping made of the payload; of a check it is empty. `reason` is for whoever wrote the
 * mapping.
 */
export type Reply = { ready: true } | { ok: true; json: string } | { ok: false; reason: string };

export interface MappingLimits {
  /** One run, ms of wall clock. */
  runMs: number;
  /** Characters of any one text, and of the result as JSON. */
  textChars: number;
  /** Elements of any one list. */
  listItems: number;
  /** Expressions within expressions, functions that call themselves included. */
  depth: number;
}

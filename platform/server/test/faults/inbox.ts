// The streams that a correct client has: it hands on seq k+1 only after k, and knows where it is to resume.
// Asks nobody; see participant.ts.

export interface Item {
  seq: number;
  messageId: string;
  key: string;
}

interface Place {
  epoch: string;
  released: number;
  /** Above a hole. */
  waiting: Map<number, Item>;
  /** Not for this client. */
  skipped: { from: number; to: number }[];
}

export class Inbox {
  readonly #places = new Map<string, Place>();
  readonly #onRelease: (stream: string, item: Item) => void;

  constructor(streams: readonly string[], onRelease: (stream: string, item: Item) => void) {
    this.#onRelease = onRelease;
    for (const stream of streams)
      this.#places.set(stream, { epoch: 'e1', released: 0, waiting: new Map(), skipped: [] });
  }

  positions(): { stream: string; epoch: string; seq: number }[] {
    return [...this.#places].map(([stream, { epoch, released }]) => ({ stream, epoch, seq: released }));
  }

  released(stream: string): number {
    return this.#places.get(stream)?.released ?? 0;
  }

  /** Something came of these streams, and something before it did not. */
  holes(): { stream: string; epoch: string; seq: number }[] {
    return this.positions().filter(({ stream }) => (this.#places.get(stream)?.waiting.size ?? 0) > 0);
  }

  take(stream: string, item: Item): void {
    const place = this.#places.get(stream);
    if (place === undefined || item.seq <= place.released) return;
    place.waiting.set(item.seq, item);
    this.#move(stream, place);
  }

  skip(stream: string, range: { from: number; to: number }): void {
    const place = this.#places.get(stream);
    if (place === undefined || range.to <= place.released) return;
    place.skipped.push(range);
    this.#move(stream, place);
  }

  /** Missing events up to here will not come. */
  gap(stream: string, at: { epoch: string; to: number }): void {
    const place = this.#places.get(stream);
    if (place === undefined) return;
    place.epoch = at.epoch;
    place.released = at.to;
    for (const seq of place.waiting.keys()) if (seq <= at.to) place.waiting.delete(seq);
    this.#move(stream, place);
  }

  #move(stream: string, place: Place): void {
    for (;;) {
      const next = place.released + 1;
      const item = place.waiting.get(next);
      if (item !== undefined) {
        place.waiting.delete(next);
        place.released = next;
        this.#onRelease(stream, item);
        continue;
      }
      const range = place.skipped.find(({ from, to }) => from <= next && to >= next);
      if (range === undefined) break;
      place.released = range.to;
    }
    place.skipped = place.skipped.filter(({ to }) => to > place.released);
  }
}

// The log of one conversation as a list of places, of which the pages in sight are here. Every seq from the first that
// is kept to the head is a place, so one jumps anywhere without reading what is between.
import { answerOf, api } from '#lib/api/client.ts';
import type { MessageRow, MessageRows } from '#lib/api/shapes.ts';

const pageSize = 50;
/** Messages that are held: what was read longest ago goes. */
const mostPages = 100;

export class ConversationLog {
  head = $state.raw<Pick<MessageRows, 'headSeq' | 'firstSeq' | 'content'>>();
  problem = $state.raw<unknown>();
  /** Grows when anything in it changes. */
  #pages = $state.raw<ReadonlyMap<number, readonly MessageRow[]>>(new Map());
  #asked = new Set<number>();
  #isOver = false;
  readonly #of: { app: string; id: string };
  readonly #withContent: boolean;

  constructor(of: { app: string; id: string }, withContent: boolean) {
    this.#of = of;
    this.#withContent = withContent;
  }

  /** How many places there are. */
  get count(): number {
    if (this.head === undefined) return 0;
    return Math.max(0, this.head.headSeq - this.head.firstSeq + 1);
  }

  seqAt(place: number): number {
    return (this.head?.firstSeq ?? 1) + place;
  }

  placeOf(seq: number): number {
    return Math.max(0, Math.min(this.count - 1, seq - (this.head?.firstSeq ?? 1)));
  }

  /** Undefined while it is on its way. */
  at(place: number): MessageRow | undefined {
    const seq = this.seqAt(place);
    return this.#pages.get(pageOf(seq))?.find((row) => row.seq === seq);
  }

  /** Reads the newest page, and what the head is. */
  async begin(): Promise<void> {
    await this.#read({ limit: pageSize });
  }

  /** Reads what is in sight and not here. */
  see(from: number, to: number): void {
    if (this.head === undefined || to <= from) return;
    for (let page = pageOf(this.seqAt(from)); page <= pageOf(this.seqAt(to - 1)); page += 1) void this.#ask(page);
  }

  /** Anew: the newest page, and those in sight. */
  async refresh(from: number, to: number): Promise<void> {
    await this.begin();
    if (this.head === undefined || to <= from) return;
    const [first, last] = [pageOf(this.seqAt(from)), pageOf(this.seqAt(to - 1))];
    this.#asked = new Set([...this.#asked].filter((page) => page < first || page > last));
    this.see(from, to);
  }

  end(): void {
    this.#isOver = true;
  }

  async #ask(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const isRead = await this.#read({ afterSeq: page * pageSize, limit: pageSize });
    if (!isRead) this.#asked.delete(page);
  }

  async #read(range: { afterSeq?: number; limit: number }): Promise<boolean> {
    const query = { ...range, content: this.#withContent ? ('1' as const) : ('0' as const) };
    try {
      const params = { path: this.#of, query };
      const answer = await answerOf<MessageRows>(api.GET('/apps/{app}/conversations/{id}/messages', { params }));
      if (this.#isOver) return false;
      const { items, headSeq, firstSeq, content } = answer;
      this.#keep(items);
      const { head } = this;
      if (head?.headSeq !== headSeq || head.firstSeq !== firstSeq || head.content !== content) {
        this.head = { headSeq, firstSeq, content };
      }
      this.problem = undefined;
      return true;
    } catch (error) {
      if (!this.#isOver) this.problem = error;
      return false;
    }
  }

  #keep(rows: readonly MessageRow[]): void {
    const pages = new Map(this.#pages);
    for (const row of rows) {
      const page = pageOf(row.seq);
      const others = (pages.get(page) ?? []).filter(({ seq }) => seq !== row.seq);
      // The page that was changed last is the last to go.
      pages.delete(page);
      pages.set(page, [...others, row]);
    }
    for (const page of [...pages.keys()].slice(0, Math.max(0, pages.size - mostPages))) {
      pages.delete(page);
      this.#asked.delete(page);
    }
    this.#pages = pages;
  }
}

/** `afterSeq` of page 0 is 0: it begins with seq 1. */
function pageOf(seq: number): number {
  return Math.floor((seq - 1) / pageSize);
}

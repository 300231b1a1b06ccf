// How far something long has got: a bar that is drawn over itself on a terminal, a line every few seconds
// elsewhere.

import type { Surroundings } from './surroundings.ts';

export interface ProgressStep {
  /** The present work, in a few words. */
  label: string;
  done: number;
  total: number;
}

const drawEveryMs = 200;
const lineEveryMs = 10_000;
const barWidth = 24;

export class Progress {
  readonly #surroundings: Pick<Surroundings, 'err' | 'terminal'>;
  readonly #now: () => number;
  #startedAt: number;
  /** Of the present run: what an earlier one did says nothing of the speed. */
  #startedFrom: number | undefined;
  #shownAt: number;
  #isDrawn = false;

  constructor(surroundings: Pick<Surroundings, 'err' | 'terminal'>, now: () => number = () => performance.now()) {
    this.#surroundings = surroundings;
    this.#now = now;
    this.#startedAt = now();
    this.#shownAt = this.#startedAt;
  }

  show({ label, done, total }: ProgressStep): void {
    const now = this.#now();
    if (this.#startedFrom === undefined || done < this.#startedFrom) {
      this.#startedAt = now;
      this.#startedFrom = done;
    }
    const { terminal, err } = this.#surroundings;
    if (now - this.#shownAt < (terminal === undefined ? lineEveryMs : drawEveryMs)) return;
    this.#shownAt = now;
    const rate = (done - this.#startedFrom) / Math.max(0.001, (now - this.#startedAt) / 1000);
    const left = rate > 0 ? `, ${durationText((total - done) / rate)} left` : '';
    const share = total === 0 ? 1 : done / total;
    const text = `${Math.floor(share * 100)} % of ${total}, ${Math.round(rate)} a second${left}: ${label}`;
    if (terminal === undefined) {
      err(text);
      return;
    }
    const full = Math.round(share * barWidth);
    const line = `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${text}`;
    terminal.write(`\r${line.slice(0, terminal.columns - 1)}\u001B[K`);
    this.#isDrawn = true;
  }

  /** Takes the bar away, so that what is written next has the line. */
  end(): void {
    if (this.#isDrawn) this.#surroundings.terminal?.write('\r\u001B[K');
    this.#isDrawn = false;
  }
}

function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

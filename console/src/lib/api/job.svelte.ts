// Long work of the server that a dialog began: asked for until it has ended. What it is, and how it is shown: the
// dialog's.
import { answerOf, api } from './client.ts';

export interface Job {
  id: string;
  state: string;
  done: number;
  of: number;
  skipped: { reason: string; count: number }[];
}

interface Followed {
  /** Undefined until it has begun. */
  job: () => Job | undefined;
  everyMs: number;
  take: (job: Job) => void;
  fail: (error: unknown) => void;
}

/** For a component, until it goes. */
export function followJob({ job, everyMs, take, fail }: Followed): void {
  $effect(() => {
    const now = job();
    if (now?.state !== 'running') return undefined;
    const { id } = now;
    const timer = setInterval(() => {
      void answerOf<Job>(api.GET('/jobs/{id}', { params: { path: { id } } })).then(take, fail);
    }, everyMs);
    return () => clearInterval(timer);
  });
}

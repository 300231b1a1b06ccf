// Asks the system whether somebody sits at it (Idle Detection API), where the user has allowed that already:
// they may be there and only look. Nobody is asked.
import type { Belfry, Unsubscribe } from '../types.ts';

/** TypeScript's description of browsers does not have it yet. */
interface IdleDetector extends EventTarget {
  readonly userState: 'active' | 'idle' | null;
  readonly screenState: 'locked' | 'unlocked' | null;
  start(options: { threshold: number; signal: AbortSignal }): Promise<void>;
}

/** The shortest that browsers take. */
const thresholdMs = 60_000;

/** Until the returned function is called. */
export function followIdle({ attend }: Pick<Belfry, 'attend'>): Unsubscribe {
  const end = new AbortController();
  // Browsers that do not know it, and those that go back on their word: input alone counts.
  follow(attend, end.signal).catch(() => undefined);
  return () => end.abort();
}

async function follow(attend: Belfry['attend'], signal: AbortSignal): Promise<void> {
  const { IdleDetector: Detector, navigator } = globalThis as unknown as {
    IdleDetector?: new () => IdleDetector;
    navigator?: Partial<Navigator>;
  };
  const permission = Detector && (await navigator?.permissions?.query({ name: 'idle-detection' as PermissionName }));
  if (!Detector || permission?.state !== 'granted' || signal.aborted) return;
  const detector = new Detector();
  const tell = (): void => attend(detector.userState === 'active' && detector.screenState === 'unlocked');
  detector.addEventListener('change', tell, { signal });
  await detector.start({ threshold: thresholdMs, signal });
  tell();
}

// Which features there are on the page: each is fetched when the policy first has it, and ended when the
// policy has it no more.
import { createSource, type Observable } from '../observable.ts';
import type { Belfry } from '../types.ts';
import type { Presence } from './presence.ts';
import type { Stats } from './stats.ts';
import type { Typing } from './typing.ts';
import type { Uploads } from './uploads.ts';
import type { VoiceNotes } from './voice-notes.ts';

/** The features that the page's policy has and that have been fetched. */
export interface Features {
  readonly typing?: Typing;
  readonly uploads?: Uploads;
  readonly voiceNotes?: VoiceNotes;
  readonly presence?: Presence;
  readonly stats?: Stats;
}

export interface FeatureLoader extends Observable<Features> {
  /** Ends them all. */
  stop(): void;
}

type Name = keyof Features;
type Feature = NonNullable<Features[Name]>;

interface Row {
  /** Any of these of the policy. */
  needs: readonly string[];
  // Written out for each: bundlers split at an import of a literal name. Two files, not five: each would be
  // half glue.
  fetch(belfry: Belfry): Promise<Feature>;
}

const table: Record<Name, Row> = {
  typing: {
    needs: ['typing_indicator'],
    fetch: async (belfry) => (await import('./live.ts')).createTyping(belfry),
  },
  uploads: {
    needs: ['file_upload'],
    fetch: async (belfry) => (await import('./media.ts')).createUploads(belfry),
  },
  voiceNotes: {
    needs: ['voice_note'],
    fetch: async (belfry) => (await import('./media.ts')).createVoiceNotes(belfry),
  },
  presence: {
    needs: ['presence', 'user_monitoring'],
    fetch: async (belfry) => (await import('./live.ts')).createPresence(belfry),
  },
  stats: {
    needs: ['real_time_stats'],
    fetch: async (belfry) => (await import('./live.ts')).createStats(belfry),
  },
};

/** After a chunk could not be fetched, as while offline. */
const againMs = 5000;

export function loadFeatures(belfry: Belfry): FeatureLoader {
  const { clock, report } = belfry.surroundings;
  const source = createSource<Features>({}, report);
  const fetching = new Set<Name>();
  const timers = new Set<() => void>();
  let isStopped = false;

  const isWanted = (name: Name): boolean =>
    !isStopped && table[name].needs.some((feature) => belfry.hasFeature(feature));

  function look(): void {
    for (const name of Object.keys(table) as Name[]) {
      const feature = source.snapshot()[name];
      if (feature && !isWanted(name)) {
        const { [name]: _, ...rest } = source.snapshot();
        source.set(rest);
        feature.stop();
      } else if (!feature && isWanted(name) && !fetching.has(name)) {
        fetching.add(name);
        void fetchOne(name);
      }
    }
  }

  async function fetchOne(name: Name): Promise<void> {
    try {
      const feature = await table[name].fetch(belfry);
      fetching.delete(name);
      if (isWanted(name)) source.set({ ...source.snapshot(), [name]: feature });
      else feature.stop();
    } catch (error) {
      if (isStopped) return;
      report(error);
      const end = clock.setTimer(() => {
        timers.delete(end);
        fetching.delete(name);
        look();
      }, againMs);
      timers.add(end);
    }
  }

  const endLook = belfry.subscribe(look);
  look();
  return {
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    stop() {
      isStopped = true;
      endLook();
      for (const end of timers) end();
      look();
    },
  };
}

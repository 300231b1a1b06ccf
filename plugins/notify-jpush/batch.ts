// Many pushes in one call of JPush (批量单推), each with its own content, under an id that JPush gave out before.
// The content of each is push.ts; what an answer means is outcome.ts.
import {
  OutcomeError,
  outcomeOfFailure,
  retry,
  z,
  type Delivery,
  type Outcome,
  type PluginClock,
  type PluginResponse,
  type SendAttempt,
} from '@belfry/plugin-kit';
import { outcomeOf, readAnswer, type JpushAnswer } from './outcome.ts';
import { pushOf, type JpushStyle, type JpushTarget } from './push.ts';

/** Answers are cut at 64 KiB, and each of them has up to 200 bytes of it. */
export const mostPushes = 300;

interface Parts {
  call: (
    path: string,
    request: { method: string; body?: object; signal: AbortSignal },
  ) => Promise<{ response: PluginResponse; said: string }>;
  config: JpushStyle;
  clock: PluginClock;
  signal: AbortSignal;
}

/** `sendMany` of JPush. */
export function manySender({ call, config, clock, signal: stopped }: Parts) {
  const pushIds = new PushIds(async (count) => {
    const { response, said } = await call(`/v3/push/cid?count=${count}`, { method: 'GET', signal: stopped });
    if (response.ok) return readIds(said);
    throw new OutcomeError(outcomeOf(response, readAnswer(said), { nowMs: clock.now(), attempt: 2 }));
  });

  return async (deliveries: readonly Delivery<JpushTarget>[], { signal, attempt }: SendAttempt): Promise<Outcome[]> => {
    const at = { nowMs: clock.now(), attempt };
    try {
      const ids = await pushIds.of(deliveries.map(({ id }) => id));
      // Another attempt replaces nothing: what it was to replace may be what was refused.
      const entries = deliveries.map(({ previous, ...each }): [string, object] => [
        ids.get(each.id) ?? '',
        entryOf(attempt === 1 && previous !== undefined ? { ...each, previous } : each, config),
      ]);
      const body = { pushlist: Object.fromEntries(entries) };
      const { response, said } = await call('/v3/push/batch/regid/single', { method: 'POST', body, signal });
      const answers = readAnswers(said);
      const ofCall = readAnswer(said);
      const isRefused = !response.ok || ofCall.code !== undefined;
      return deliveries.map(({ id, previous }) => {
        const own = answers.get(ids.get(id) ?? '');
        if (own === undefined) return isRefused ? outcomeOf(response, ofCall, at) : unsaid;
        pushIds.answered(id);
        const isOfPrevious = own.code === 1003 && attempt === 1 && previous !== undefined;
        return isOfPrevious ? withoutPrevious : outcomeOf(response, own, at);
      });
    } catch (error) {
      return deliveries.map(() => outcomeOfFailure(error));
    }
  };
}

const unsaid = retry('JPush says nothing of this push', undefined, { scope: 'target' });
const withoutPrevious = retry('the message to replace is unknown', 0, { scope: 'target' });

/** What was asked for and not answered goes out under the same id again, and is then shown once. */
const mostRemembered = 10_000;

class PushIds {
  readonly #load: (count: number) => Promise<readonly string[]>;
  readonly #unanswered = new Map<string, string>();

  constructor(load: (count: number) => Promise<readonly string[]>) {
    this.#load = load;
  }

  /** By delivery. Throws as `load`, and where that gives too few. */
  async of(deliveryIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const unnamed = deliveryIds.filter((id) => !this.#unanswered.has(id));
    const fresh = unnamed.length === 0 ? [] : await this.#load(unnamed.length);
    if (fresh.length < unnamed.length) throw new Error('JPush gave too few ids.');
    for (const [at, id] of unnamed.entries()) this.#unanswered.set(id, fresh[at] ?? '');
    const ids = new Map(deliveryIds.map((id) => [id, this.#unanswered.get(id) ?? '']));
    for (const id of [...this.#unanswered.keys()].slice(0, Math.max(0, this.#unanswered.size - mostRemembered)))
      this.#unanswered.delete(id);
    return ids;
  }

  answered(deliveryId: string): void {
    this.#unanswered.delete(deliveryId);
  }
}

/** As a push to one device, with another name for it. */
function entryOf(delivery: Delivery<JpushTarget>, style: JpushStyle): object {
  const { audience: _, ...entry } = pushOf(delivery, style);
  return { ...entry, target: delivery.device.target.registrationId };
}

const idsSchema = z.object({ cidlist: z.array(z.string().min(1).max(200)) });

function readIds(text: string): readonly string[] {
  return idsSchema.parse(JSON.parse(text)).cidlist;
}

const answersSchema = z
  .record(
    z.string(),
    z.object({
      msg_id: z.union([z.string(), z.number()]).transform(String).optional(),
      error: z.object({ code: z.number().optional(), message: z.string().default('') }).optional(),
    }),
  )
  .catch({});

/** By the id of the push. Empty where the answer has none, as where the call as a whole is refused. */
function readAnswers(text: string): ReadonlyMap<string, JpushAnswer> {
  let said: unknown;
  try {
    // The ids of messages have more digits than a number of JavaScript keeps.
    said = JSON.parse(text.replace(/("msg_id"\s*:\s*)(\d{1,20})/g, '$1"$2"'));
  } catch {
    return new Map();
  }
  const found = Object.entries(answersSchema.parse(said)).filter(
    ([id, { msg_id, error }]) => id !== 'error' && (msg_id !== undefined || error !== undefined),
  );
  return new Map(
    found.map(([id, { msg_id, error }]) => [
      id,
      { messageId: msg_id, code: error?.code, message: error?.message ?? '' },
    ]),
  );
}

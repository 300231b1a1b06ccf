// A client in virtual surroundings, started and, unless asked otherwise, connected. Stopped by the test's
// helper.
import { createBelfry } from '../../src/create-belfry.ts';
// Fetched in the middle of a test it would take time that the virtual clock does not have.
import '../../src/explain.ts';
import '../../src/http.ts';
import type { Belfry, BelfryOptions } from '../../src/types.ts';
import type { Accepted } from './scripted-socket.ts';
import { createVirtualSurroundings, sampleToken, type VirtualSurroundings } from './virtual-surroundings.ts';

export interface StartedBelfry {
  belfry: Belfry;
  virtual: VirtualSurroundings;
}

/** Alice on `/chat`, with a token of a day. */
export function buildBelfry(
  options: Partial<BelfryOptions> = {},
  virtual: VirtualSurroundings = createVirtualSurroundings(),
): StartedBelfry {
  const exp = Math.floor(virtual.clock.now() / 1000) + 86_400;
  const belfry = createBelfry({
    app: 'demo',
    getToken: () => sampleToken({ sub: 'alice', exp }),
    ...options,
    surroundings: { ...virtual.surroundings, ...options.surroundings },
  });
  return { belfry, virtual };
}

/** Started, and waiting for what the test lets happen next. */
export async function startBelfry(
  options: Partial<BelfryOptions> = {},
  virtual?: VirtualSurroundings,
): Promise<StartedBelfry> {
  const built = buildBelfry(options, virtual);
  built.belfry.start();
  await built.virtual.clock.advance(0);
  return built;
}

export async function connectBelfry(
  options: Partial<BelfryOptions> = {},
  { virtual, ...accepted }: Accepted & { virtual?: VirtualSurroundings } = {},
): Promise<StartedBelfry> {
  const started = await startBelfry(options, virtual);
  started.virtual.socket().accept(accepted);
  await started.virtual.clock.advance(0);
  return started;
}

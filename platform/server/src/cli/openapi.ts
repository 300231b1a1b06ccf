// `belfry openapi`: prints the description of the HTTP interface, without starting a server.
import { exitCodes } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

export async function openapi({ admin = false }: { admin?: boolean }, { parts, out }: Surroundings): Promise<number> {
  out(JSON.stringify(await parts.openApiDocument({ admin }), undefined, 2));
  return exitCodes.done;
}

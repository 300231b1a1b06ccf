// The addresses to which the services of providers report: one for each configuration, with a key in it that
// nobody can guess. What is reported there is not its business.
import type { AppId } from '../ports/app-id.ts';
import { Sealer } from '../sealing/seal.ts';

export interface ReceiptLinks {
  /** Undefined where the server does not know its own address. */
  of(app: AppId, providerId: string): string | undefined;
  /** Whether the key is the one of this app and provider. Asks nobody whether there are such. */
  isGenuine(given: { app: string; provider: string; key: string }): boolean;
}

/** `secret` is the installation's, so that an address stays good as long as the configuration has its id. */
export function createReceiptLinks({
  secret,
  publicUrl,
}: {
  secret: string;
  publicUrl: string | undefined;
}): ReceiptLinks {
  const sealer = new Sealer(secret, 'receipts');
  return {
    of: (app, providerId) =>
      publicUrl && `${publicUrl}/receipts/${app}/${encodeURIComponent(providerId)}/${sealer.sign([app, providerId])}`,
    isGenuine: ({ app, provider, key }) => sealer.isGenuine([app, provider], key),
  };
}

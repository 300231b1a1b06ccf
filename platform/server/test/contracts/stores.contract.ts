// The contract of the stores, whole: each driver must keep it. Each store's part is a file of its own in
// stores/.

import { afterAll, beforeAll, describe } from 'vitest';
import type { Stores } from '../../src/ports/stores/index.ts';
import { additionsContract } from './stores/additions.contract.ts';
import { accountsContract } from './stores/accounts.contract.ts';
import { auditContract } from './stores/audit.contract.ts';
import { conversationsContract } from './stores/conversations.contract.ts';
import { cursorsContract } from './stores/cursors.contract.ts';
import { deadLettersContract } from './stores/dead-letters.contract.ts';
import { deliveriesContract } from './stores/deliveries.contract.ts';
import { erasingContract } from './stores/erasing.contract.ts';
import { hooksContract } from './stores/hooks.contract.ts';
import { idempotencyContract } from './stores/idempotency.contract.ts';
import { isolationContract } from './stores/isolation.contract.ts';
import { journeyIndexContract } from './stores/journey-index.contract.ts';
import { journeysContract } from './stores/journeys.contract.ts';
import { messagesContract } from './stores/messages.contract.ts';
import { outboxContract } from './stores/outbox.contract.ts';
import { searchContract } from './stores/search.contract.ts';
import { preferencesContract } from './stores/preferences.contract.ts';
import { settingsContract } from './stores/settings.contract.ts';
import { tenancyContract } from './stores/tenancy.contract.ts';
import { uploadsContract } from './stores/uploads.contract.ts';
import { figuresContract } from './stores/figures.contract.ts';
import { usageContract } from './stores/usage.contract.ts';
import { usersContract } from './stores/users.contract.ts';
import { webhooksContract } from './stores/webhooks.contract.ts';

export interface StoresUnderTest {
  stores: Stores;
  /** Closes them and takes away what they left. */
  dispose(): Promise<void>;
}

/**
 * `create` is called once; every test works in apps of its own, so the suite also runs against a database
 * that others use.
 */
export function storesContract(name: string, create: () => Promise<StoresUnderTest>): void {
  describe(`stores: ${name}`, () => {
    let made: StoresUnderTest;
    beforeAll(async () => void (made = await create()));
    afterAll(() => made.dispose());
    const stores = (): Stores => made.stores;

    messagesContract(stores);
    additionsContract(stores);
    outboxContract(stores);
    searchContract(stores);
    cursorsContract(stores);
    deadLettersContract(stores);
    deliveriesContract(stores);
    idempotencyContract(stores);
    conversationsContract(stores);
    usersContract(stores);
    settingsContract(stores);
    journeysContract(stores);
    journeyIndexContract(stores);
    tenancyContract(stores);
    accountsContract(stores);
    auditContract(stores);
    uploadsContract(stores);
    hooksContract(stores);
    webhooksContract(stores);
    preferencesContract(stores);
    figuresContract(stores);
    usageContract(stores);
    erasingContract(stores);
    isolationContract(stores);
  });
}

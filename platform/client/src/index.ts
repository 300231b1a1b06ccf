// The entry point `@belfry/client`. React, Svelte, the status element, chat and push have entry points of
// their own.
export { mayReconnect } from '@belfry/protocol';
export { CommandError } from './command-error.ts';
export { createBelfry } from './create-belfry.ts';
export type * from './types.ts';

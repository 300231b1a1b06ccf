// Proves at compile time that no app-scoped port has a method that does not take the app first: isolation is
// in the shape, not in discipline.

import { expectTypeOf, test } from 'vitest';
import type { AppScoped } from './app-id.ts';
import type { Blobs } from './blobs.ts';
import type { Presence } from './presence.ts';
import type * as stores from './stores/index.ts';

test('every method of an app-scoped port takes the app first', () => {
  expectTypeOf<AppScoped<Presence>>().toEqualTypeOf<Presence>();
  expectTypeOf<AppScoped<stores.ConversationStore>>().toEqualTypeOf<stores.ConversationStore>();
  expectTypeOf<AppScoped<stores.CursorStore>>().toEqualTypeOf<stores.CursorStore>();
  expectTypeOf<AppScoped<stores.DeadLetterStore>>().toEqualTypeOf<stores.DeadLetterStore>();
  expectTypeOf<AppScoped<stores.DeviceStore>>().toEqualTypeOf<stores.DeviceStore>();
  expectTypeOf<AppScoped<stores.HookStore>>().toEqualTypeOf<stores.HookStore>();
  expectTypeOf<AppScoped<stores.HookDeliveryStore>>().toEqualTypeOf<stores.HookDeliveryStore>();
  expectTypeOf<AppScoped<stores.WebhookStore>>().toEqualTypeOf<stores.WebhookStore>();
  expectTypeOf<AppScoped<stores.WebhookEventStore>>().toEqualTypeOf<stores.WebhookEventStore>();
  expectTypeOf<AppScoped<stores.IdempotencyStore>>().toEqualTypeOf<stores.IdempotencyStore>();
  expectTypeOf<AppScoped<stores.JourneyStore>>().toEqualTypeOf<stores.JourneyStore>();
  expectTypeOf<AppScoped<stores.KindStore>>().toEqualTypeOf<stores.KindStore>();
  expectTypeOf<AppScoped<stores.MessageStore>>().toEqualTypeOf<stores.MessageStore>();
  expectTypeOf<AppScoped<stores.PageStore>>().toEqualTypeOf<stores.PageStore>();
  expectTypeOf<AppScoped<stores.PreferenceStore>>().toEqualTypeOf<stores.PreferenceStore>();
  expectTypeOf<AppScoped<stores.FigureStore>>().toEqualTypeOf<stores.FigureStore>();
  expectTypeOf<AppScoped<stores.UsageStore>>().toEqualTypeOf<stores.UsageStore>();
  expectTypeOf<AppScoped<stores.ProviderStore>>().toEqualTypeOf<stores.ProviderStore>();
  expectTypeOf<AppScoped<Blobs>>().toEqualTypeOf<Blobs>();
  expectTypeOf<AppScoped<stores.UploadStore>>().toEqualTypeOf<stores.UploadStore>();
  expectTypeOf<AppScoped<stores.UserStore>>().toEqualTypeOf<stores.UserStore>();
});

test('a method that does not is refused', () => {
  interface Careless {
    remove(id: string): Promise<void>;
  }
  // @ts-expect-error The first parameter is no app.
  expectTypeOf<AppScoped<Careless>>().toEqualTypeOf<Careless>();
  // @ts-expect-error Neither is it where not every driver has the method.
  expectTypeOf<AppScoped<Partial<Careless>>>().toEqualTypeOf<Partial<Careless>>();
});

// Pushes that providers took, for what is heard of them later, and how far fall-backs have gone. Never edited
// once released: a change is the next file.

export const deliveries = `
CREATE TABLE deliveries (
  app TEXT NOT NULL, id TEXT NOT NULL, provider TEXT NOT NULL, provider_message_id TEXT, user_id TEXT NOT NULL,
  message_id TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, device_id TEXT NOT NULL,
  device_type TEXT NOT NULL, accepted_at INTEGER NOT NULL, events TEXT NOT NULL, PRIMARY KEY (app, id)
) STRICT;
CREATE INDEX deliveries_named ON deliveries (app, provider, provider_message_id)
  WHERE provider_message_id IS NOT NULL;
CREATE INDEX deliveries_of_provider ON deliveries (app, provider, accepted_at, id);
CREATE INDEX deliveries_accepted ON deliveries (app, accepted_at, id);
CREATE INDEX deliveries_of_user ON deliveries (app, user_id);
CREATE TABLE reservations (
  app TEXT NOT NULL, key TEXT NOT NULL, user_id TEXT NOT NULL, owner TEXT NOT NULL, through INTEGER NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (app, key)
) STRICT;
CREATE INDEX reservations_at ON reservations (app, at);
CREATE INDEX reservations_of_user ON reservations (app, user_id);
`;

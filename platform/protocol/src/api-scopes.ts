// The rights of an API key, by the resource that each is about. Without schemas, so that browsers can load them.

export const apiResources = [
  'conversations',
  'messages',
  'broadcasts',
  'devices',
  'users',
  'pages',
  'tokens',
  'hooks',
  'webhooks',
  'connections',
  'uploads',
] as const;

/** `*` is everything. */
export const apiScopes = [
  '*',
  ...apiResources.flatMap((resource) => [`${resource}:read`, `${resource}:write`] as const),
] as const;

// Which answers a change of the configuration makes stale, by the keys of their queries: `['tenant', id, ...]` of
// a tenant, `['app', key, <what it is, in the plural>, ...]` of an app.

/** As the server says it, without values: data of `config_changed`. */
export interface ConfigChanged {
  /** `app`, `page`, `member`, ... */
  type: string;
  app?: string;
  id: string;
  version?: number;
  by: string;
  at: string;
}

export function staleKeys({ type, app }: Pick<ConfigChanged, 'type' | 'app'>, tenant: string): string[][] {
  if (app === undefined) return [['tenant', tenant]];
  if (type === 'app')
    return [
      ['tenant', tenant],
      ['app', app],
    ];
  return [
    ['tenant', tenant, 'audit'],
    ['app', app, `${type}s`],
  ];
}

// The folders of the server as layers: what each may import, and why not more. The rules that are made of
// them are in .dependency-cruiser.mjs.
const server = '^platform/server/src';
const protocol = '^platform/protocol/';
const pluginKit = '^platform/plugin-kit/';

/**
 * The capabilities, each above those before it. One may import the types of what stands below it, so that a
 * definition and its callers are found from each other; not its values: those are passed in by compose, so
 * that each can be tested with others in their place.
 */
export const capabilities = [
  'tenancy',
  'accounts',
  'plugins',
  'pages',
  'uploads',
  'journey',
  'sessions',
  'conversations',
];

/** Small general parts; none of them knows what Belfry is for. */
const foundations = ['concurrency', 'caching', 'sealing'];

/** The imports that every folder with behaviour may have beside its own files. */
const common = ['ports', 'telemetry', ...foundations, protocol, pluginKit];

/**
 * One row per folder of the server: what of the repository it may import beside its own files, and why not
 * more.
 */
export const layers = [
  {
    folder: 'ports',
    may: [protocol],
    because: 'Ports are the innermost ring: interfaces that capabilities use and drivers fulfil. They know neither.',
  },
  {
    folder: 'config',
    may: [protocol],
    because: 'Configuration is read before anything exists; compose hands each part the values it needs.',
  },
  {
    folder: 'telemetry',
    may: ['ports'],
    because: 'Everything may log and count, so telemetry itself must depend on nothing that logs or counts.',
  },
  {
    folder: 'concurrency',
    may: ['ports', protocol],
    because: 'Waiting, queueing and repeating are the same whatever is waited for: no capability is known here.',
  },
  {
    folder: 'caching',
    may: ['ports', 'concurrency', protocol],
    because: 'A cache is the same whatever it holds: no capability is known here.',
  },
  {
    folder: 'sealing',
    may: ['ports', protocol],
    because: 'A sealed text is the same whatever it says: no capability is known here.',
  },
  {
    folder: 'drivers',
    // Ports speak in the protocol's types and reject with its errors, so what fulfils them does too.
    may: ['ports', 'concurrency', protocol],
    because: 'A driver fulfils a port with a vendor library. A driver that knows a capability cannot be swapped.',
  },
  {
    folder: 'egress',
    may: ['ports', 'concurrency', pluginKit],
    because: 'The guard of outgoing calls stands below everything that calls out, and knows nothing of what is said.',
  },
  ...capabilities.map((folder, index) => ({
    folder,
    may: common,
    // plugins is given the guard of outgoing calls, and says so by its real type.
    mayTypesOf: [...capabilities.slice(0, index), ...(folder === 'plugins' ? ['egress'] : [])],
    because:
      'A capability knows the types of what stands below it in the declared order, and no values: compose passes those in.',
  })),
  {
    folder: 'delivery',
    may: [...common, ...capabilities],
    because: 'Delivery stands on the capabilities. What a broadcast is and who may make one is decided before.',
  },
  {
    folder: 'notifications',
    may: common,
    mayTypesOf: [...capabilities, 'delivery'],
    because:
      'A capability knows the types of what stands below it in the declared order, and no values: compose passes those in.',
  },
  {
    folder: 'broadcasting',
    may: [...common, ...capabilities, 'delivery', 'notifications'],
    because: 'Broadcasting stands on the capabilities. Who calls it (commands, routes, hooks) is not its business.',
  },
  {
    folder: 'maintenance',
    may: [...common, ...capabilities],
    because: 'What runs in rounds works on the stores by the rules of the capabilities; nothing waits for it.',
  },
  {
    folder: 'commands',
    may: [...common, ...capabilities, 'delivery', 'notifications', 'broadcasting'],
    because:
      'A command turns one frame into calls of broadcasting and the capabilities; edges call it, not the reverse.',
  },
  {
    folder: 'hooks',
    may: [...common, ...capabilities, 'delivery', 'notifications', 'broadcasting'],
    because:
      'A hook turns one HTTP call into calls of broadcasting and the capabilities; edges call it, not the reverse.',
  },
  {
    folder: 'outbound',
    may: [...common, ...capabilities, 'delivery', 'notifications', 'broadcasting', 'hooks'],
    mayTypesOf: ['egress'],
    because:
      'Outgoing webhooks listen to what all capabilities did, and are asked by broadcasting through compose; nothing below knows them.',
  },
  {
    folder: 'gateway',
    may: ['ports', 'telemetry', ...foundations, protocol, 'sessions', 'commands'],
    because: 'The WebSocket edge hands frames to sessions and commands. Everything deeper is reached through those.',
  },
  {
    folder: 'http',
    may: [
      ...common,
      ...capabilities,
      'delivery',
      'notifications',
      'broadcasting',
      'commands',
      'hooks',
      'outbound',
      'config',
    ],
    because: 'The HTTP edge may call everything but the other edge; drivers reach it as ports, through compose.',
  },
  {
    folder: 'cli',
    may: ['compose', 'config', 'tenancy', 'plugins', 'ports', 'telemetry', ...foundations, protocol],
    because: 'A command of the terminal is composed like the server is, so that it cannot drift from it.',
  },
];

export function inside(folder) {
  return folder.startsWith('^') ? folder : `${server}/${folder}/`;
}

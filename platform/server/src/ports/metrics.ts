// Every metric there is, as data: name, type, labels, unit, meaning. Telemetry exposes them; docs/metrics.md
// is made from this.

export interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  help: string;
  /** Upper bounds, in the unit that the name ends in. */
  buckets?: readonly number[];
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Names are exposed with the prefix `belfry_`. No label ever holds an id that users make. */
export const metricSpecs = {
  build_info: {
    type: 'gauge',
    labels: ['version', 'node', 'role'],
    help: 'Always 1; the labels are the version of the server, that of Node, and ROLE.',
  },
  ready: { type: 'gauge', labels: [], help: '1 while the node can serve, as `/readyz` says; otherwise 0.' },
  part_up: {
    type: 'gauge',
    labels: ['part'],
    help: '1 while this node reaches the part: store, bus, queue or presence; otherwise 0.',
  },
  memory_limit_bytes: {
    type: 'gauge',
    labels: [],
    help: 'Memory that the process may have: the limit of its container, or the memory of the machine.',
  },
  connections: {
    type: 'gauge',
    labels: ['device_type', 'role'],
    help: 'Open WebSocket connections; role is user or visitor.',
  },
  sockets: { type: 'gauge', labels: [], help: 'Open WebSockets, those that have not sent their connect yet included.' },
  tcp_connections: { type: 'gauge', labels: [], help: 'TCP connections to the port, of HTTP and WebSocket together.' },
  connections_opened_total: { type: 'counter', labels: [], help: 'Sessions opened by a connect command.' },
  connections_closed_total: { type: 'counter', labels: ['code'], help: 'Sessions closed, by WebSocket close code.' },
  commands_total: {
    type: 'counter',
    labels: ['action', 'outcome'],
    help: 'Client commands by action and outcome (ok or error code).',
  },
  commands_at_once_total: {
    type: 'counter',
    labels: [],
    help: 'Client commands carried out in the turn they came in: acknowledgements that wait for nothing.',
  },
  http_requests_total: {
    type: 'counter',
    labels: ['route', 'method', 'status'],
    help: 'HTTP requests by route pattern.',
  },
  http_request_duration_seconds: {
    type: 'histogram',
    labels: ['route', 'method'],
    help: 'HTTP request to end of answer.',
    buckets: seconds,
  },
  broadcast_duration_seconds: {
    type: 'histogram',
    labels: ['kind'],
    help: 'Accepting a broadcast to its last local socket write. Tenant-made kinds count as custom.',
    buckets: seconds,
  },
  broadcasts_failed_total: { type: 'counter', labels: ['code'], help: 'Broadcasts refused or failed, by error code.' },
  delivery_seconds: {
    type: 'histogram',
    labels: [],
    help: 'Message stored to first acknowledgement by a connection.',
    buckets: seconds,
  },
  client_round_trip_seconds: {
    type: 'histogram',
    labels: [],
    help: 'Heartbeat to its answer, as clients measured it.',
    buckets: seconds,
  },
  events_sent_total: {
    type: 'counter',
    labels: ['action'],
    help: 'Events handed to sockets. Tenant-made actions count as custom.',
  },
  events_encoded_total: {
    type: 'counter',
    labels: [],
    help: 'Events turned into bytes; one a node and event, however many sockets get them.',
  },
  socket_writes_total: { type: 'counter', labels: [], help: 'Writes to sockets; a write may carry many frames.' },
  deliveries_total: { type: 'counter', labels: ['reason'], help: 'Decisions by reason, realtime and push.' },
  push_total: { type: 'counter', labels: ['provider', 'outcome'], help: 'Provider calls by plugin id and outcome.' },
  push_duration_seconds: {
    type: 'histogram',
    labels: ['provider'],
    help: 'Time of one provider call.',
    buckets: seconds,
  },
  push_quota_refused_total: {
    type: 'counter',
    labels: ['provider', 'scope'],
    help: 'Pushes not sent because a quota was used up, by plugin id and whose quota it was: app or provider.',
  },
  push_wait_seconds: { type: 'histogram', labels: [], help: 'Message stored to push claimed.', buckets: seconds },
  push_dead_letters_total: {
    type: 'counter',
    labels: ['provider', 'cause'],
    help: 'Pushes given up and kept as dead letters, by plugin id and cause.',
  },
  push_receipts_total: {
    type: 'counter',
    labels: ['provider', 'outcome'],
    help: 'Receipts of providers by plugin id: known, of no known delivery (unknown), or not genuine (refused).',
  },
  push_providers_paused_total: {
    type: 'counter',
    labels: ['provider'],
    help: 'Providers paused because their service refused the credentials, by plugin id.',
  },
  trace_spans_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Spans of traces: sent to the collector, or dropped because it was away or too slow.',
  },
  pool_running: {
    type: 'gauge',
    labels: ['pool'],
    help: 'Tasks that run in a pool that apps share (docs/reliability.md, "Shared pools").',
  },
  pool_waiting: { type: 'gauge', labels: ['pool'], help: 'Tasks that wait for their turn in a shared pool.' },
  pool_refused_total: {
    type: 'counter',
    labels: ['pool'],
    help: 'Tasks refused because too many of their app, or of all, waited for a shared pool already.',
  },
  queue_jobs: { type: 'gauge', labels: ['queue', 'state'], help: 'Jobs by state.' },
  bus_messages_total: { type: 'counter', labels: ['direction'], help: 'Messages to and from other nodes.' },
  bus_messages_ignored_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Messages of other nodes that this version cannot read: of an unknown type, a newer version, or malformed.',
  },
  bus_round_trip_seconds: { type: 'histogram', labels: [], help: 'Self-probe of the bus.', buckets: seconds },
  log_heal_total: {
    type: 'counter',
    labels: ['cause'],
    help: 'Events delivered from the log because a hint did not arrive: hole or head.',
  },
  catch_ups_total: {
    type: 'counter',
    labels: ['cause'],
    help: 'Streams a connection caught up from the log: resume, sync or behind.',
  },
  log_reads_total: {
    type: 'counter',
    labels: [],
    help: 'Ranges of message logs that were read from the store.',
  },
  slow_consumers_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Connections over the buffer bound: behind or closed.',
  },
  tokens_refused_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'User tokens that were refused, and those that could not be verified (unavailable); the log line `token refused` says more.',
  },
  refused_total: { type: 'counter', labels: ['code'], help: 'Refusals by error code, HTTP status or close code.' },
  upgrades_refused_total: {
    type: 'counter',
    labels: ['code'],
    help: 'WebSocket upgrades refused, by error code; `overloaded` where the event loop was too late.',
  },
  overload_delay_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Delay of the event loop, smoothed over 2 s: what LIMIT_EVENT_LOOP_DELAY_MS bounds.',
  },
  facts_dropped_total: {
    type: 'counter',
    labels: ['listener'],
    help: 'Facts that a listener lost because it was slower than what happened: journey, deliveries.',
  },
  journey_rows_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Journey rows written, or dropped because the store was away.',
  },
  store_batch_calls: {
    type: 'histogram',
    labels: [],
    help: 'Store calls a transaction carried.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  },
  store_commit_seconds: {
    type: 'histogram',
    labels: [],
    help: 'One transaction of the embedded store, flush included.',
    buckets: seconds,
  },
  hook_deliveries_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Webhooks that came in: accepted, duplicate, refused, failed, or unauthorized.',
  },
  hook_mapping_seconds: {
    type: 'histogram',
    labels: [],
    help: 'One run of a mapping, waiting for its turn included.',
    buckets: seconds,
  },
  webhook_events_total: {
    type: 'counter',
    labels: [],
    help: 'Events that were kept for outgoing webhooks, one for each webhook that gets it.',
  },
  webhook_calls_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Calls of outgoing webhooks: delivered or failed.',
  },
  message_before_total: {
    type: 'counter',
    labels: ['verdict'],
    help: 'Messages that a webhook was asked about: allowed, changed, rejected, unanswered, or refused_unanswered.',
  },
  plugins: { type: 'gauge', labels: ['kind', 'state'], help: 'Plugins found, by state on or off.' },
  event_loop_delay_seconds: {
    type: 'gauge',
    labels: ['quantile'],
    help: 'Delay of the event loop since the last scrape.',
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof metricSpecs;

/**
 * `labels` are the values in the order of the spec's label names. Unknown values are fine, unbounded ones are
 * not.
 */
export interface Metrics {
  count(name: MetricName, labels?: readonly string[], by?: number): void;
  observe(name: MetricName, labels: readonly string[], value: number): void;
  set(name: MetricName, labels: readonly string[], value: number): void;
  /** Calls `collect` before each scrape, for gauges that are read rather than kept. */
  onCollect(collect: () => void | Promise<void>): void;
}

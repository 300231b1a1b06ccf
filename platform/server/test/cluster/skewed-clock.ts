// Loaded into a node before anything else (`--import`): its wall clock is off by the `ms` of the query. Its monotonic
// clock is as it was, as on a machine whose clock was set wrongly.

const offMs = Number(new URL(import.meta.url).searchParams.get('ms'));
const now = Date.now;

globalThis.Date = new Proxy(Date, {
  construct(target, given: unknown[], newTarget) {
    return Reflect.construct(target, given.length === 0 ? [now() + offMs] : given, newTarget) as object;
  },
  get(target, name, receiver) {
    return name === 'now' ? () => now() + offMs : (Reflect.get(target, name, receiver) as unknown);
  },
});

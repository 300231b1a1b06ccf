// Web Push in a page. Only re-exports; the service worker is a file of its own, `belfry-service-worker.js`.
export { disablePush, enablePush, resumePush } from './enable-push.ts';
export type { PushOptions, PushState } from './push-options.ts';
export { isPushSupported } from './push-support.ts';

// Web Push in a page. Only re-exports; the service worker is a file of its own, `belfry-service-worker.js`.
export { disablePush, enablePush, resumePush, type PushOptions, type PushState } from './enable-push.ts';
export { isPushSupported } from './push-support.ts';

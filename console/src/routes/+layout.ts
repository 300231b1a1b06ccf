// The whole console runs in the browser: the server knows no screen of it.
export const ssr = false;
export const prerender = false;

// One name for each tab of the browser, so that the server can count what it looks at.
export const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join('');

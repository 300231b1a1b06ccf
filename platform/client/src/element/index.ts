// Importing this file makes `<belfry-status>` known to the page. What the element does stands in
// belfry-status.ts.
import { BelfryStatus } from './belfry-status.ts';

export { BelfryStatus };
export type { StatusTexts } from './status-text.ts';

// Two copies of the SDK on one page, or a server without elements: neither is an error.
const { customElements } = globalThis as Partial<typeof globalThis>;
if (customElements?.get('belfry-status') === undefined) customElements?.define('belfry-status', BelfryStatus);

declare global {
  interface HTMLElementTagNameMap {
    'belfry-status': BelfryStatus;
  }
}

// `<WebSocketStatus />`: the element `<belfry-status>` for React 18 and later, attached to the page's Belfry.
import { createElement, useCallback, type DetailedHTMLProps, type HTMLAttributes, type ReactElement } from 'react';
import type { BelfryStatus, StatusTexts } from '../element/index.ts';
import '../element/index.ts';
import type { Belfry } from '../types.ts';
import { useBelfry } from './belfry-provider.tsx';

export interface WebSocketStatusProps extends HTMLAttributes<HTMLElement> {
  /** The dot and the buttons alone. */
  compact?: boolean;
  /** For languages other than English and Chinese. */
  texts?: StatusTexts;
}

export function WebSocketStatus({ compact = false, texts, ...attributes }: WebSocketStatusProps): ReactElement {
  const belfry = useBelfry();
  // React 18 knows attributes of custom elements alone; as properties they are set by hand in every version.
  const attach = useCallback(
    (element: BelfryStatus | null) => {
      if (element !== null) Object.assign(element, { belfry, texts });
    },
    [belfry, texts],
  );
  return createElement('belfry-status', { ...attributes, ...(compact ? { compact: '' } : {}), ref: attach });
}

/** The element itself in JSX, for those who want no wrapper (React 19 sets its properties). */
export type BelfryStatusProps = DetailedHTMLProps<HTMLAttributes<BelfryStatus>, BelfryStatus> & {
  belfry?: Belfry;
  texts?: StatusTexts;
  compact?: boolean | '';
};

declare module 'react' {
  // The one place where React looks for elements.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace JSX {
    interface IntrinsicElements {
      'belfry-status': BelfryStatusProps;
    }
  }
}

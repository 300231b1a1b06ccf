// The texts of the status element in each state, and in which language. How it looks is status-style.ts.
import type { ConnectionStatus } from '../types.ts';

export interface StatusTexts {
  readonly states: Readonly<Record<ConnectionStatus, string>>;
  readonly connect: string;
  readonly disconnect: string;
  /** While the next attempt is scheduled. */
  readonly retryNow: string;
  /** When the attempts are used up. */
  readonly retry: string;
  readonly retryIn: (seconds: number) => string;
}

const en: StatusTexts = {
  states: {
    disabled: 'Not used on this page',
    signed_out: 'Signed out',
    connecting: 'Connecting',
    connected: 'Connected',
    reconnecting: 'Connection lost',
    offline: 'Offline',
    closed: 'Disconnected',
  },
  connect: 'Connect',
  disconnect: 'Disconnect',
  retryNow: 'Try now',
  retry: 'Try again',
  retryIn: (seconds) => `next attempt in ${seconds} s`,
};

const zh: StatusTexts = {
  states: {
    disabled: '本页未启用',
    signed_out: '未登录',
    connecting: '正在连接',
    connected: '已连接',
    reconnecting: '连接已断开',
    offline: '离线',
    closed: '未连接',
  },
  connect: '连接',
  disconnect: '断开',
  retryNow: '立即重试',
  retry: '重试',
  retryIn: (seconds) => `${seconds} 秒后重试`,
};

/** Of the nearest `lang` in the document, else the browser's language; English where there is no text. */
export function textsFor(element: Element): StatusTexts {
  const language = element.closest('[lang]:not([lang=""])')?.getAttribute('lang') ?? navigator.language;
  return language.toLowerCase().startsWith('zh') ? zh : en;
}

// The screens there are, as navigation, palette and shortcuts know them. One that is not here has no address that
// leads to it.
import { addresses } from '#lib/addresses.ts';
import AppWindow from '@lucide/svelte/icons/app-window';
import Cable from '@lucide/svelte/icons/cable';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Gauge from '@lucide/svelte/icons/gauge';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import Mails from '@lucide/svelte/icons/mails';
import Megaphone from '@lucide/svelte/icons/megaphone';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Plug from '@lucide/svelte/icons/plug';
import Radio from '@lucide/svelte/icons/radio';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import Shapes from '@lucide/svelte/icons/shapes';
import Shield from '@lucide/svelte/icons/shield';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import User from '@lucide/svelte/icons/user';
import UserSearch from '@lucide/svelte/icons/user-search';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import type { Role } from '#lib/api/shapes.ts';
import { m } from '#texts';

/** In the order of the navigation; all but the last two are of an app. */
export const placeGroups = ['overview', 'observe', 'send', 'configure', 'watch', 'tenant', 'account'] as const;
export type PlaceGroup = (typeof placeGroups)[number];

/** Where one is: id of the tenant and key of the app, as they are. */
export interface At {
  tenant: string;
  app: string;
}

export interface Place {
  id: string;
  group: PlaceGroup;
  title: () => string;
  href: (at: At) => string;
  icon: Component<{ size?: number; 'aria-hidden'?: 'true' }>;
  /** After `g`. */
  key?: string;
  /** Found by these too, in any language: English, Chinese, pinyin. */
  keywords: string[];
  /** In the bar of a phone too. */
  isForThumb?: true;
  /** Whose navigation has it. */
  needs?: Role;
}

export function isOfApp({ group }: Pick<Place, 'group'>): boolean {
  return group !== 'tenant' && group !== 'account';
}

export const places: readonly Place[] = [
  {
    id: 'overview',
    group: 'overview',
    title: () => m.see_overview(),
    href: ({ app }) => addresses.overview(app),
    icon: Gauge,
    key: 'o',
    keywords: ['overview', 'dashboard', 'charts', 'metrics', '概览', '图表', 'gailan', 'tubiao'],
    isForThumb: true,
  },
  {
    id: 'live',
    group: 'observe',
    title: () => m.see_live(),
    href: ({ app }) => addresses.live(app),
    icon: Radio,
    key: 'l',
    keywords: ['live', 'stream', 'events', 'tail', '实时', '事件', 'shishi', 'shijian'],
  },
  {
    id: 'connections',
    group: 'observe',
    title: () => m.see_connections(),
    href: ({ app }) => addresses.connections(app),
    icon: Cable,
    key: 'c',
    keywords: [
      'connections',
      'sockets',
      'online',
      'who',
      'devices',
      '连接',
      '在线',
      '设备',
      'lianjie',
      'zaixian',
      'shebei',
    ],
    isForThumb: true,
  },
  {
    id: 'users',
    group: 'observe',
    title: () => m.see_users(),
    href: ({ app }) => addresses.users(app),
    icon: UserSearch,
    key: 'u',
    keywords: ['users', 'people', 'why', 'decisions', '用户', '原因', 'yonghu', 'yuanyin'],
  },
  {
    id: 'conversations',
    group: 'observe',
    title: () => m.talk_conversations(),
    href: ({ app }) => addresses.conversations(app),
    icon: MessagesSquare,
    key: 'v',
    keywords: ['conversations', 'chats', 'messages', 'read', 'cursors', '会话', '消息', 'huihua', 'xiaoxi'],
  },
  {
    id: 'messages',
    group: 'observe',
    title: () => m.msg_messages(),
    href: ({ app }) => addresses.messages(app),
    icon: Mails,
    key: 'm',
    keywords: [
      ...['messages', 'journeys', 'broadcasts', 'why', 'reason', 'delivery', 'pushed'],
      ...['消息', '轨迹', '原因', '送达', 'xiaoxi', 'guiji', 'yuanyin', 'songda'],
    ],
    isForThumb: true,
  },
  {
    id: 'broadcast',
    group: 'send',
    title: () => m.broadcast(),
    href: ({ app }) => addresses.broadcast(app),
    icon: Megaphone,
    key: 'b',
    keywords: [
      ...['broadcast', 'send', 'notify', 'announce', 'explain', 'push'],
      ...['广播', '发送', '通知', '推送', 'guangbo', 'fasong', 'tongzhi', 'tuisong'],
    ],
    needs: 'developer',
  },
  {
    id: 'playground',
    group: 'send',
    title: () => m.play_playground(),
    href: ({ app }) => addresses.playground(app),
    icon: FlaskConical,
    key: 'y',
    keywords: ['playground', 'try', 'two people', 'frames', 'phone', '演练场', '试用', 'yanlianchang', 'shiyong'],
    needs: 'developer',
  },
  {
    id: 'pages',
    group: 'configure',
    title: () => m.pages(),
    href: ({ app }) => addresses.pages(app),
    icon: LayoutGrid,
    key: 'p',
    keywords: [
      'pages',
      'policy',
      'policies',
      'features',
      'switch',
      '页面',
      '策略',
      '功能',
      'yemian',
      'celue',
      'gongneng',
    ],
    isForThumb: true,
  },
  {
    id: 'kinds',
    group: 'configure',
    title: () => m.kinds(),
    href: ({ app }) => addresses.kinds(app),
    icon: Shapes,
    key: 'k',
    keywords: ['kinds', 'events', 'policy', 'custom', '广播类型', '类型', '事件', 'leixing', 'guangboleixing'],
  },
  {
    id: 'settings',
    group: 'configure',
    title: () => m.settings(),
    href: ({ app }) => addresses.settings(app),
    icon: Settings,
    key: 's',
    keywords: [
      ...['settings', 'api key', 'keys', 'rotate', 'origins', 'signing', 'token', 'limits', 'disable'],
      ...['设置', '密钥', '轮换', '来源', '令牌', '限额', 'shezhi', 'miyao', 'laiyuan', 'lingpai'],
    ],
  },
  {
    id: 'connect',
    group: 'configure',
    title: () => m.connect(),
    href: ({ app }) => addresses.connect(app),
    icon: Plug,
    keywords: ['connect', 'snippet', 'sdk', 'refused', 'origin', '接入', '代码', '来源', 'jieruyingyong', 'daima'],
    needs: 'developer',
  },
  {
    id: 'apps',
    group: 'tenant',
    title: () => m.apps(),
    href: ({ tenant }) => addresses.apps(tenant),
    icon: AppWindow,
    key: 'a',
    keywords: ['apps', 'applications', '应用', 'yingyong'],
  },
  {
    id: 'members',
    group: 'tenant',
    title: () => m.members(),
    href: ({ tenant }) => addresses.members(tenant),
    icon: Users,
    key: 'w',
    keywords: ['members', 'people', 'team', 'roles', 'invite', '成员', '邀请', '角色', 'chengyuan', 'yaoqing', 'juese'],
  },
  {
    id: 'audit',
    group: 'tenant',
    title: () => m.audit(),
    href: ({ tenant }) => addresses.audit(tenant),
    icon: ScrollText,
    key: 'd',
    keywords: ['audit', 'history', 'changes', 'log', '审计', '历史', '更改', 'shenji', 'lishi'],
    needs: 'developer',
  },
  {
    id: 'profile',
    group: 'account',
    title: () => m.profile(),
    href: addresses.profile,
    icon: User,
    keywords: ['profile', 'name', 'account', '个人资料', '账号', 'gerenziliao', 'zhanghao'],
  },
  {
    id: 'security',
    group: 'account',
    title: () => m.security(),
    href: addresses.security,
    icon: Shield,
    keywords: [
      'security',
      'password',
      'second factor',
      'totp',
      'sessions',
      '安全',
      '密码',
      '双重验证',
      'anquan',
      'mima',
    ],
  },
  {
    id: 'preferences',
    group: 'account',
    title: () => m.preferences(),
    href: addresses.preferences,
    icon: SlidersHorizontal,
    keywords: [
      'preferences',
      'language',
      'theme',
      'time zone',
      '偏好',
      '语言',
      '主题',
      '时区',
      'pianhaoshezhi',
      'yuyan',
      'shiqu',
    ],
  },
];

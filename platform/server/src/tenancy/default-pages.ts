// The page policies that a fresh installation begins with. Changing them is the administrator's, storing them
// page-versions.ts.
import { builtInFeatures, type PagePolicyInput } from '@belfry/protocol';

const chatFeatures = ['messaging', 'typing_indicator', 'read_receipts', 'file_upload', 'voice_note'];

/**
 * A clinic's pages: three kinds of people who chat, those who watch over it, and a page to try everything on.
 */
export const defaultPages: readonly PagePolicyInput[] = [
  closed('/login'),
  signedIn('/chat', 'chat', chatFeatures),
  signedIn('/doctor/chat', 'doctor_chat', chatFeatures),
  signedIn('/customer/chat', 'customer_chat', chatFeatures),
  signedIn('/consultant/chat', 'consultant_chat', chatFeatures),
  forAdmins(signedIn('/admin', 'admin', ['system_notifications', 'user_monitoring', 'real_time_stats', 'presence'])),
  forAdmins(signedIn('/test-websocket', 'test', [...builtInFeatures])),
  closed('default'),
];

function signedIn(pattern: string, connectionType: string, features: string[]): PagePolicyInput {
  return { pattern, enabled: true, requireAuth: true, autoConnect: true, connectionType, features };
}

/** A user on such a page sees what is others', so the app has to vouch for them in their token. */
function forAdmins(page: PagePolicyInput): PagePolicyInput {
  return { ...page, requireRoles: ['admin'], topics: ['*'], presence: 'everyone' };
}

function closed(pattern: string): PagePolicyInput {
  return { pattern, enabled: false, requireAuth: false, autoConnect: false, connectionType: 'default', features: [] };
}

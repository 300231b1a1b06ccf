// All of the SDK for a plain `<script>`: `window.Belfry`. Importing it makes `<belfry-status>` known.
import './element/index.ts';

export * from './index.ts';
export * from './chat/index.ts';
export * from './push/index.ts';
// Of the two types of this name, the one that can be used.
export type { Conversation } from './chat/index.ts';

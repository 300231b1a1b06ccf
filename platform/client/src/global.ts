// All of the SDK for a plain `<script>`: `window.Belfry`. Importing it makes `<belfry-status>` known.
import './element/index.ts';

export * from './index.ts';
export * from './chat/index.ts';
export * from './push/index.ts';

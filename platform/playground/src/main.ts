// Starts the playground as a page of its own. The console mounts the same component in its own way.
import { mount } from 'svelte';
import App from './app.svelte';
import './page.css';

const target = document.querySelector('#app');
if (target === null) throw new Error('the page has no element #app');
mount(App, { target });

// How the status element looks. Text and buttons take the page's own colour, so that they can be read in any
// theme; the dot alone has colours.
export const statusStyle = `
:host {
  display: inline-flex;
  flex-wrap: wrap;
  align-items: center;
  gap: .25em .5em;
  max-width: 100%;
  font: inherit;
}
:host([hidden]) { display: none; }
[part=dot] {
  --colour: var(--belfry-status-idle, #7d8590);
  flex: none;
  width: .625em;
  height: .625em;
  border-radius: 50%;
  background: var(--colour);
}
:host([status=connected]) [part=dot] { --colour: var(--belfry-status-connected, #2da44e); }
:host([status=connecting]) [part=dot],
:host([status=reconnecting]) [part=dot] {
  --colour: var(--belfry-status-waiting, #bf8700);
  animation: wait 1.2s ease-in-out infinite alternate;
}
:host([status=offline]) [part=dot] { --colour: var(--belfry-status-offline, #cf4c45); }
span, button { white-space: nowrap; }
[part=countdown] { opacity: .8; font-variant-numeric: tabular-nums; }
button {
  font: inherit;
  color: inherit;
  background: var(--belfry-status-button-background, transparent);
  border: 1px solid var(--belfry-status-button-border, color-mix(in srgb, currentcolor 45%, transparent));
  border-radius: var(--belfry-status-radius, .375em);
  padding: .125em .625em;
  min-height: 24px;
  cursor: pointer;
}
button:hover { background: var(--belfry-status-button-hover, color-mix(in srgb, currentcolor 10%, transparent)); }
button:focus-visible { outline: 2px solid currentcolor; outline-offset: 2px; }
[hidden] { display: none; }
:host([compact]) [part=label], :host([compact]) [part=countdown] {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@keyframes wait { to { opacity: .35; } }
@media (prefers-reduced-motion: reduce) { [part=dot] { animation: none !important; } }
@media (forced-colors: active) { [part=dot] { background: CanvasText; forced-color-adjust: none; } }
`;

// The page that shows the API's docs: its HTML, how Swagger UI is started in it, and what is changed of its
// looks so that everybody can read and use it. Serves nothing.

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Belfry API</title>
    <link rel="stylesheet" href="swagger-ui.css" />
    <link rel="stylesheet" href="page.css" />
    <link rel="icon" type="image/png" href="favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="start.js"></script>
  </body>
</html>
`;

// In a file of its own: the content security policy allows no script in the page. Without a validator:
// nothing leaves for elsewhere. A link inside of the button that opens an operation could be neither reached
// nor told apart by screen readers; the address still follows what is opened. Without colours in code: those
// of numbers are too pale.
export const docsStart = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);

window.ui = SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  syntaxHighlight: false,
  validatorUrl: null,
  plugins: [
    ({ React }) => ({
      wrapComponents: { DeepLink: () => ({ text }) => React.createElement('span', null, text) },
    }),
  ],
});

// Names for fields that have none, landmarks, levels of headings without gaps, and a way in for the keyboard
// where something scrolls.
const wanted = [
  ['#servers', 'aria-label', 'Server'],
  ['.body-param__text', 'aria-label', 'Request body'],
  ['.microlight', 'tabindex', '0'],
  ['.information-container', 'role', 'banner'],
  ['.scheme-container', 'role', 'region'],
  ['.scheme-container', 'aria-label', 'Server and credentials'],
  ['h3.opblock-tag', 'aria-level', '2'],
  ['h4', 'aria-level', '3'],
  ['h5', 'aria-level', '4'],
];
new MutationObserver(() => {
  for (const [selector, name, value] of wanted)
    for (const element of document.querySelectorAll(selector + ':not([' + name + '])')) element.setAttribute(name, value);
}).observe(document.querySelector('#swagger-ui'), { childList: true, subtree: true });
`;

/** Colours with which text can be read (4.5 to 1), where those of Swagger UI are paler. */
export const docsStyle = `body { margin: 0; }
html .swagger-ui .opblock .opblock-summary-method { color: #fff; text-shadow: none; }
html .swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1f66b0; }
html .swagger-ui .opblock.opblock-post .opblock-summary-method { background: #14724a; }
html .swagger-ui .opblock.opblock-put .opblock-summary-method { background: #90540a; }
html .swagger-ui .opblock.opblock-patch .opblock-summary-method { background: #0d6f68; }
html .swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #bb2a2a; }
html:not(.dark-mode) .swagger-ui :is(.info a, .info .url, .opblock-tag a.link, .model-hint) { color: #1a5a9e; }
html:not(.dark-mode) .swagger-ui .info .title small { background: #5b6270; }
html:not(.dark-mode) .swagger-ui .info .title small.version-stamp { background: #496600; }
html:not(.dark-mode) .swagger-ui .btn.authorize { color: #14724a; border-color: #14724a; }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { fill: #14724a; }
html:not(.dark-mode) .swagger-ui :is(.parameter__in, .parameter__type, .prop-format, .response-col_links) {
  color: #505050;
}
html .swagger-ui .btn.execute { background: #1f66b0; border-color: #1f66b0; }
html:not(.dark-mode) .swagger-ui .btn.cancel { color: #bb2a2a; border-color: #bb2a2a; background: #fff; }
html.dark-mode .swagger-ui .btn.cancel { color: #ffb3ae; border-color: currentcolor; background: #1c2022; }
html.dark-mode .swagger-ui .opblock.opblock .opblock-section-header { background: #0004; }
html .swagger-ui .opblock-section-header { flex-wrap: wrap; gap: 8px; min-height: 50px; height: auto; }
html:not(.dark-mode) .swagger-ui [class*='json-schema-2020-12-expand-deep-button'] { color: #505050; }
`;

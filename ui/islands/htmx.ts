/* The one place that knows htmx. Loaded only on pages with hx- attributes (a running job polls itself).
 * Rules that keep htmx 2.0 a drop-in way back: every element carries its own hx-target and hx-swap, no hx-on, no js: values,
 * no hx-boost, a real href or action underneath. */
const types = (window as unknown as { trustedTypes?: { createPolicy(name: string, rules: object): unknown } }).trustedTypes;
types?.createPolicy('default', { createHTML: (text: string) => text });

const meta = document.createElement('meta');
meta.name = 'htmx-config';
meta.content = JSON.stringify({ includeIndicatorCSS: false, history: false, transitions: false });
document.head.append(meta);
await import('htmx.org');
export {};

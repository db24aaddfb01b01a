// What to do when nobody is signed in, and why that is so.

import { el, rich } from './dom.js';
import { t } from './words.js';

/** why: none, over, link, out, or words of the daemon's. */
export function sign_in(ctx, why, words) {
  const known = { over: t('session_over'), link: t('link_over'), out: t('signed_out') }[why];
  return { title: t('sign_in'), nodes: [
    el('h1', { tabindex: '-1' }, t('sign_in')),
    known ? el('p', { class: 'banner', role: 'alert' }, known) : null,
    words && !known ? el('p', { class: 'banner bad', role: 'alert' }, rich(words)) : null,
    el('p', { elementtiming: 'view' }, t('sign_in_how')),
    el('pre', null, el('code', null, 'sluice web')),
    el('p', null, t('sign_in_link')),
    el('p', { class: 'quiet' }, rich(t('sign_in_elsewhere', { port: location.port || '8680', host: location.hostname }))),
    el('div', { class: 'buttons' }, el('button', { type: 'button', onclick: () => ctx.start() }, t('signed_in_elsewhere'))),
  ].filter(Boolean), leave: () => {} };
}

// The page as a whole: who is signed in, which view is shown, what is announced.

import { remove, session as who_am_i, sign_in as use_link, when_over } from './api.js';
import { el, fill, put, show } from './dom.js';
import { counts_text, zone, zone_name } from './format.js';
import { listen, stop } from './live.js';
import * as rate from './rate.js';
import { drop, take } from './view_drop.js';
import { find } from './view_find.js';
import { job } from './view_job.js';
import { jobs } from './view_jobs.js';
import { line } from './view_line.js';
import { sign_in } from './view_sign_in.js';
import { choose, heard, lang, locale, name_of, other, t } from './words.js';

const VIEWS = [['line', line], ['jobs', jobs], ['drop', drop], ['find', find]];
const KNOWN_STATUS = 1;  // of docs/status.schema.json
const OUT = 'sluice.signed_out';

const main = document.getElementById('main');
const news = document.getElementById('news');
let session = null;
let status = null;
let view = null;
let reason = ['none', ''];
let connected = true;
let begun = '';  // the daemon's version when the page was loaded
let head = {};

const ctx = {
  session: () => session ?? {},
  status: () => status,
  announce,
  start,
  go: (to) => { location.hash = to; },
  /** Another address for the view that is shown. */
  replace: (to, then) => { history.pushState(null, '', to); then(); },
};

function announce(words) {
  put(news, '');
  put(news, words);
}

function draw_head() {
  const link = (name) => el('a', { href: `#/${name}`, 'data-view': name }, t(name));
  const nav = session ? el('nav', { 'aria-label': t('views') }, el('ul', null, VIEWS.map(([name]) => el('li', null, link(name))))) : null;
  const language = el('button', { type: 'button', lang: other(), id: 'language', onclick: () => {
    choose(other());
    draw_all();
    document.getElementById('language').focus();
  } }, t('other_language'));
  head = { nav, away: el('p', { class: 'away', id: 'away' }), other: el('p', { class: 'away', id: 'other-version' }) };
  fill(document.getElementById('top'),
    el('a', { class: 'skip', href: '#main', onclick: (event) => { event.preventDefault(); main.focus(); } }, t('skip')),
    el('div', { class: 'bar-top' }, el('a', { class: 'brand', href: '#/line', lang: 'en' }, 'Sluice'), nav,
      el('div', { class: 'who' }, session ? el('span', { class: 'user' }, session.user) : null, language,
        session ? el('button', { type: 'button', id: 'sign-out', onclick: sign_out }, t('sign_out')) : null)),
    head.away, head.other);
  const where = zone_name();
  fill(document.getElementById('foot'), el('p', null, t('times_in', { zone: zone(), name: where })),
    session ? el('p', null, t('version', { version: session.version ?? '' }), ' · ', t('may', { what: session.may_act ? t('may_act') : session.may_drop ? t('may_drop') : t('may_look') })) : null);
  document.documentElement.lang = locale();
  mark();
  tell_connection();
}

function mark() {
  const shown = location.hash.split('/')[1] || 'line';
  head.nav?.querySelectorAll('a').forEach((one) => (one.dataset.view === shown
    ? one.setAttribute('aria-current', 'page') : one.removeAttribute('aria-current')));
}

function tell_connection() {
  put(head.away, connected ? '' : t('away'));
  show(head.away, !connected);
  const other_version = session && begun && session.version && session.version !== begun;
  const other_status = status && status.version > KNOWN_STATUS;
  fill(head.other, other_version || other_status ? [t('other_version'), ' ', el('button', { type: 'button', onclick: () => location.reload() }, t('reload'))] : null);
  show(head.other, Boolean(other_version || other_status));
}

/** Shows what the address says. A view that is new gets the focus on its heading, so that a reader hears where he is. */
function route(focus = true) {
  view?.leave();
  const [, name, ...rest] = location.hash.split('/');
  let argument = rest.join('/');
  try {
    argument = decodeURIComponent(argument);
  } catch { /* as it stands there */ }
  if (session === null) view = sign_in(ctx, ...reason);
  else if (name === 'jobs' && argument) view = job(ctx, argument);
  else view = (VIEWS.find(([one]) => one === name)?.[1] ?? line)(ctx, argument);
  fill(main, view.nodes);
  document.title = `${view.title} · Sluice`;
  mark();
  if (status && session) view.status?.(status);
  if (focus) {
    main.querySelector('h1')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function draw_all() {
  draw_head();
  route(false);
}

function over(why = 'over', words = '') {
  if (session === null && reason[0] === why) return;
  stop();
  const was = session !== null;
  session = null;
  status = null;
  connected = true;
  reason = [why, words];
  draw_head();
  route(was);
}

/** What is worth a word to whoever can't see it change: a pause, an end; never how far something is. */
function tell(before, after) {
  if (!before) return;
  if (before.pause !== after.pause) {
    announce(after.pause === 'none' ? t('goes_on') : t('paused', { why: name_of('pause', after.pause) }));
    return;
  }
  const newest = after.finished?.[0];
  if (newest && before.finished?.[0]?.job !== newest.job) {
    announce(t('job_ended', { name: newest.name, counts: newest.state === 'rejected' ? name_of('state', 'rejected') : counts_text(newest.counts) }));
  }
}

function here(who) {
  if (session === null) return;
  session = who;
  tell_connection();
}

function picture(next) {
  const before = status;
  status = next;
  if (!connected) {
    connected = true;
    tell_connection();
    announce(t('back'));
    view?.here?.();
  }
  rate.take(next.rate_seconds);
  if (session === null) return;
  if (next.version > KNOWN_STATUS) tell_connection();
  view?.status?.(next);
  tell(before, next);
}

function gone() {
  if (!connected || session === null) return;
  connected = false;
  tell_connection();
  announce(t('away'));
}

async function sign_out() {
  try {
    await remove('/v1/session');
  } catch { /* it is over either way */ }
  try {
    localStorage.setItem(OUT, String(Date.now()));
  } catch { /* then other tabs learn it when they ask */ }
  over('out');
}

/** Finds out who is signed in, with the link that stands in the address if there is one. */
async function start() {
  stop();
  const link = location.pathname === '/sign-in' ? location.hash.slice(1) : '';
  if (location.pathname !== '/') history.replaceState(null, '', '/#/line');
  let why = reason[0];
  const handlers = { status: picture, here, gone, over: () => session !== null && over() };
  if (!link) listen(handlers);  // beside the question who that is: the first view waits for both
  try {
    session = link ? await use_link(link).catch((error) => {
      if (error.status !== 401) throw error;
      why = 'link';
      return who_am_i();  // a link that is over is no harm to whoever is signed in
    }) : await who_am_i();
    begun ||= session.version ?? '';
    reason = ['none', ''];
    draw_all();
    if (link) listen(handlers);
  } catch (error) {
    stop();
    session = null;
    reason = error.status === 401 ? [why, ''] : ['trouble', error.message];
    draw_all();
  }
}

when_over(() => session !== null && over());
addEventListener('hashchange', () => route());
addEventListener('popstate', () => mark());
addEventListener('storage', (event) => {
  if (heard(event)) draw_all();
  else if (event.key === OUT && session !== null) over('out');
});
// A file let fall anywhere is one to be checked; the browser must not leave the page for it.
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  if (session === null || !event.dataTransfer?.files.length) return;
  take(event.dataTransfer.files, ctx);
  if (!location.hash.startsWith('#/drop')) location.hash = '#/drop';
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && session === null) start();
});
start();

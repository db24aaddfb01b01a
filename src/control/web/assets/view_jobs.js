// The jobs, newest first, a hundred at a time; and what waits in the inbox or was rejected.

import { get } from './api.js';
import { el, put, rich, row, show, sync, table } from './dom.js';
import { job_link, time, time_text, zone } from './format.js';
import { bar, when } from './progress.js';
import { name_of, said, t } from './words.js';

const PAGE = 100;
const STATES = ['', 'running', 'held', 'done', 'rejected'];

function job_row(heads, job) {
  const link = el('a', { href: job_link(job.job) });
  const state = el('span');
  const why = el('span', { class: 'quiet' });
  const strip = bar();
  const end = el('span');
  let last = '';
  const node = row(heads, [[link, el('span', { class: 'quiet' }, job.job)], [state, why], strip.node, end]);
  return { node, set: (one) => {
    put(link, one.name);
    put(state, one.held ? t('held') : name_of('state', one.state));
    const words = said(one, 'held') || said(one, 'waits') || (one.state === 'rejected' ? said(one, 'reason') : '');
    if (words !== last) why.replaceChildren(...rich(words));
    last = words;
    strip.set(one);
    put(end, when(one));
  } };
}

function two_words(item) {
  const name = el('strong');
  const words = el('p');
  const node = el('li', null, name, words);
  return { node, set: (one) => {
    put(name, one.name);
    words.replaceChildren(...rich(said(one, 'words') || said(one, 'reason')), ...(one.finished ? [' ', time(one.finished)] : []));
  } };
}

export function jobs(ctx) {
  const heads = [t('file'), t('state'), t('progress'), t('ends', { zone: zone() })];
  const list = table(t('jobs_caption'), heads, 'jobs');
  const name = el('input', { type: 'search', id: 'name', maxlength: '200', autocomplete: 'off', spellcheck: 'false' });
  const state = el('select', { id: 'state' }, STATES.map((one) => el('option', { value: one }, one ? t(`only_${one}`) : t('only_all'))));
  const older = el('button', { type: 'button', onclick: () => page([...pages, next]) }, t('older'));
  const newer = el('button', { type: 'button', onclick: () => page(pages.slice(0, -1)) }, t('newer'));
  const where = el('p', { class: 'quiet', role: 'status', id: 'where' });
  const none = el('p', { class: 'quiet', elementtiming: 'view' });
  const waiting = el('ul', { class: 'plain' });
  const rejected = el('ul', { class: 'plain' });
  const nothing_waits = el('p', { class: 'quiet' }, t('nothing_waits'));
  const nothing_rejected = el('p', { class: 'quiet' }, t('nothing_rejected'));
  let pages = [''];  // `after` of each page so far
  let next = null;
  let shown = [];
  let asked = 0;
  let seen = '';  // what of the picture decides whether the list is another one
  let seen_inbox = '';

  function draw(picture) {
    const live = new Map((picture?.jobs ?? []).map((one) => [one.job, one]));
    sync(list.body, shown.map((one) => (live.has(one.job) ? { ...one, ...live.get(one.job) } : one)), (one) => one.job,
      (one) => job_row(heads, one));
    show(list.node, shown.length > 0);
    show(none, shown.length === 0);
  }

  /** Of a filter that few pass a page may be empty, though there is a next one. */
  async function ask_for(after) {
    const filter = new URLSearchParams({ limit: PAGE });
    if (name.value) filter.set('name', name.value);
    if (state.value) filter.set('state', state.value);
    let answer = { next: after };
    do {
      if (answer.next) filter.set('after', answer.next);
      answer = await get(`/v1/jobs?${filter}`);
    } while (answer.next && !answer.jobs?.length);
    return answer;
  }

  async function page(to, quietly = false) {
    const mine = ++asked;
    try {
      const answer = await ask_for(to.at(-1));
      if (mine !== asked) return;
      pages = to;
      shown = answer.jobs ?? [];
      next = answer.next ?? null;
      put(none, t('no_such_job'));
    } catch (error) {
      if (mine !== asked) return;
      put(none, error.message);
      shown = [];
      next = null;
    }
    draw(ctx.status());
    show(older, next !== null);
    show(newer, pages.length > 1);
    if (!quietly || !where.textContent) {
      put(where, shown.length ? t('page_says', { page: pages.length, n: shown.length, first: shown[0].job, last: shown.at(-1).job }) : '');
    }
    if (!quietly && to.length > 1) list.node.scrollIntoView({ block: 'start' });
  }

  async function inbox() {
    try {
      const answer = await get('/v1/inbox');
      sync(waiting, answer.waiting ?? [], (one) => one.name, two_words);
      sync(rejected, answer.rejected ?? [], (one) => one.job, two_words);
      show(nothing_waits, !answer.waiting?.length);
      show(nothing_rejected, !answer.rejected?.length);
    } catch { /* the list above says what is wrong */ }
  }

  function status(picture) {
    draw(picture);
    const rejects = (picture.finished ?? []).filter((one) => one.state === 'rejected').map((one) => one.job);
    const other_jobs = JSON.stringify([picture.jobs?.map((one) => [one.job, one.state, Boolean(one.held)]), picture.finished?.map((one) => one.job)]);
    const other_inbox = JSON.stringify([picture.waiting, rejects]);
    if (other_jobs !== seen && pages.length === 1) page(pages, true);
    if (other_inbox !== seen_inbox) inbox();
    seen = other_jobs;
    seen_inbox = other_inbox;
  }

  const filter = el('form', { role: 'search', class: 'filter', onsubmit: (event) => { event.preventDefault(); page(['']); } },
    el('label', { for: 'name' }, t('name_holds')), name, el('label', { for: 'state' }, t('state')), state,
    el('button', { type: 'submit' }, t('filter')));
  state.addEventListener('change', () => page(['']));
  const nodes = [el('h1', { tabindex: '-1' }, t('jobs')), filter, list.node, none, el('div', { class: 'buttons' }, newer, older), where,
    el('section', { 'aria-labelledby': 'waits' }, el('h2', { id: 'waits' }, t('waiting')), nothing_waits, waiting),
    el('section', { 'aria-labelledby': 'rejects' }, el('h2', { id: 'rejects' }, t('rejected')), nothing_rejected, rejected)];
  show(older, false);
  show(newer, false);
  return { title: t('jobs'), nodes, status, here: () => page(pages, true), leave: () => { ++asked; } };
}

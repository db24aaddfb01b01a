// The line: how fast requests go and may go, what stands still and what to do about it.

import { post } from './api.js';
import { confirmed } from './confirm.js';
import { el, put, rich, show, sync } from './dom.js';
import { job_link, number, time, time_text, zone } from './format.js';
import { bar, when } from './progress.js';
import * as rate from './rate.js';
import { name_of, said, t } from './words.js';

const MOST_JOBS = 8;

/** What needs a person, the worst first: {key, title, words, since, link}. */
export function banners(status) {
  const list = [];
  if (status.pause && status.pause !== 'none') {
    list.push({ key: 'pause', bad: true, title: t('paused', { why: name_of('pause', status.pause) }),
      words: said(status, 'pause_words'), since: status.paused_since });
  }
  if (status.credential) list.push({ key: 'credential', bad: true, title: t('credential'), words: said(status, 'credential') });
  for (const job of (status.jobs ?? []).filter((one) => one.held).slice(0, 20)) {
    list.push({ key: `held ${job.job}`, title: t('held_job', { name: job.name }), words: said(job, 'held'), link: job });
  }
  for (const job of status.in_doubt ?? []) {
    list.push({ key: `doubt ${job.job}`, title: t('doubt_job', { name: job.name, n: job.orders }), words: t('doubt_words'), link: job });
  }
  if (status.closed_until && Date.parse(status.closed_until) > Date.parse(status.at)) {
    list.push({ key: 'closed', title: t('closed_until', { at: time_text(status.closed_until) }), words: t('closed_words') });
  }
  if (status.inbox) list.push({ key: 'inbox', title: t('inbox_trouble'), words: said(status, 'inbox') });
  if (status.note) list.push({ key: 'note', title: t('note'), words: said(status, 'note') });
  return list;
}

function banner(item) {
  const title = el('h2');
  const words = el('p');
  const since = el('p', { class: 'quiet' });
  const node = el('li', { class: item.bad ? 'banner bad' : 'banner' }, title, words, since,
    item.link ? el('p', null, el('a', { href: job_link(item.link.job) }, t('to_job', { job: item.link.job }))) : null);
  let last = null;
  return { node, set: (one) => {
    put(title, one.title);
    if (one.words !== last) words.replaceChildren(...rich(one.words));
    last = one.words;
    put(since, one.since ? t('since', { at: time_text(one.since), zone: zone() }) : '');
    show(since, Boolean(one.since));
  } };
}

function at_work(job) {
  const name = el('a', { href: job_link(job.job) });
  const state = el('span', { class: 'quiet' });
  const done = el('span', { class: 'quiet' });
  const strip = bar();
  const node = el('li', null, el('div', { class: 'headline' }, name, state, done), strip.node);
  return { node, set: (one) => {
    put(name, one.name);
    put(state, `${one.job} · ${one.held ? t('held') : name_of('state', one.state)}`);
    put(done, when(one));
    strip.set(one);
  } };
}

export function line(ctx) {
  const notes = el('ul', { class: 'banners', 'aria-label': t('banners') });
  const figures = ['rate_now', 'rate_allowed', 'in_flight', 'sent_all', 'throttled_all', 'spacing'].map((name) => ({
    name, value: el('dd', name === 'rate_now' ? { elementtiming: 'view', id: 'rate-now' } : null) }));
  const plot = rate.plot();
  const minutes = rate.minutes();
  const classes = rate.classes();
  const jobs = el('ul', { class: 'work' });
  const none = el('p', { class: 'quiet' }, t('no_job_at_work'));
  const more = el('p', null, el('a', { href: '#/jobs' }, t('all_jobs')));
  const said_there = el('p', { role: 'status' });
  const change = el('button', { type: 'button', onclick: () => turn() });
  const table = el('details', null, el('summary', null, t('as_table')), minutes.node);
  let timer = 0;

  async function turn() {
    const paused = ctx.status()?.pause !== 'none';
    const yes = await confirmed(paused
      ? { title: t('resume_title'), words: [t('resume_words')], verb: t('resume') }
      : { title: t('pause_title'), words: [t('pause_words')], verb: t('pause') });
    if (!yes) return;
    try {
      said_there.replaceChildren(...rich(said(await post(paused ? '/v1/resume' : '/v1/pause'), 'said')));
    } catch (error) {
      put(said_there, error.message);
    }
  }

  function draw() {
    const status = ctx.status();
    if (!status) return;
    const now = Math.floor(Date.now() / 1000);
    plot.draw(now, status.rate);
    classes.draw();
    if (table.open) minutes.draw(now);
  }

  /** The plot runs on by itself while there is something on it; an empty one needs no clock. */
  function run() {
    clearTimeout(timer);
    rate.take([]);
    draw();
    if (!rate.is_empty() && !document.hidden) timer = setTimeout(run, matchMedia('(prefers-reduced-motion: reduce)').matches ? 10000 : 1000);
  }

  function status(picture) {
    sync(notes, banners(picture), (one) => one.key, banner);
    show(notes, notes.childElementCount > 0);
    const values = { rate_now: number(picture.recent_rate), rate_allowed: number(picture.rate), in_flight: number(picture.in_flight),
      sent_all: number(picture.requests), throttled_all: number(picture.throttled), spacing: picture.widening > 1 ? `×${number(picture.widening)}` : '–' };
    for (const one of figures) put(one.value, values[one.name]);
    sync(jobs, (picture.jobs ?? []).slice(0, MOST_JOBS), (one) => one.job, at_work);
    show(none, !picture.jobs?.length);
    const still = picture.pause && picture.pause !== 'none';
    show(change, ctx.session().may_act && picture.pause !== 'stopping' && picture.pause !== 'storage');
    put(change, still ? t('resume') : t('pause'));
    run();
  }

  table.addEventListener('toggle', draw);
  document.addEventListener('visibilitychange', run);
  rate.load().then(run, () => {});
  const nodes = [
    el('h1', { tabindex: '-1' }, t('line')), notes,
    el('section', { 'aria-labelledby': 'rate' }, el('h2', { id: 'rate' }, t('rate')),
      el('dl', { class: 'figures' }, figures.map((one) => el('div', null, el('dt', null, t(one.name)), one.value))),
      plot.node, el('h3', null, t('by_class')), classes.node, table,
      el('div', { class: 'buttons' }, change), said_there),
    el('section', { 'aria-labelledby': 'work' }, el('h2', { id: 'work' }, t('at_work')), none, jobs, more),
  ];
  return { title: t('line'), nodes, status, here: () => rate.load().then(run, () => {}),
    leave: () => { clearTimeout(timer); document.removeEventListener('visibilitychange', run); } };
}

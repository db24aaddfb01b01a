// The last ten minutes of requests, second by second, and their picture.

import { el, fill, put, row, sync, table } from './dom.js';
import { number, time_text } from './format.js';
import { get } from './api.js';
import { t } from './words.js';

export const SPAN = 600;
const KINDS = ['started', 'answered', 'throttled', 'lost'];
const seconds = new Map();  // second since 1970 to what happened in it

export function take(list) {
  for (const one of list ?? []) {
    const at = Math.floor(Date.parse(one.at) / 1000);
    if (Number.isFinite(at)) seconds.set(at, one);
  }
  const oldest = Math.floor(Date.now() / 1000) - SPAN;
  for (const at of seconds.keys()) if (at < oldest) seconds.delete(at);
}

export async function load() {
  const answer = await get('/v1/rate');
  seconds.clear();
  take(answer.seconds);
}

export const is_empty = () => seconds.size === 0;

export function sums(from = 0, to = Infinity) {
  const sum = { started: 0, answered: 0, throttled: 0, lost: 0 };
  for (const [at, one] of seconds) {
    if (at < from || at >= to) continue;
    for (const kind of KINDS) sum[kind] += one[kind] ?? 0;
  }
  return sum;
}

const WIDE = 600;
const HIGH = 120;

/** {node, draw(now, allowed)}: started requests a second as a line, the allowed rate as a dashed one. */
export function plot() {
  const started = el('path', { class: 'started' });
  const throttled = el('path', { class: 'throttled' });
  const allowed = el('path', { class: 'allowed' });
  const drawing = el('svg', { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: 'none', role: 'img' },
    el('path', { class: 'grid', d: [0, 120, 240, 360, 480].map((x) => `M${x} 0V${HIGH}`).join('') }), started, throttled, allowed);
  const top = el('span', { class: 'top' });
  const node = el('figure', { class: 'plot' }, top, drawing,
    el('div', { class: 'axis', 'aria-hidden': 'true' }, [10, 8, 6, 4, 2].map((n) => el('span', null, t('minutes_ago', { n }))), el('span', null, t('now'))));

  function draw(now, limit) {
    const from = now - SPAN;  // up to the last whole second
    let most = limit;
    for (const one of seconds.values()) most = Math.max(most, one.started ?? 0);
    const high = Math.max(most, 1) * 1.1;
    const y = (n) => (HIGH - (n / high) * HIGH).toFixed(1);
    let line = '';
    let marks = '';
    for (let x = 0; x < SPAN; ++x) {
      const one = seconds.get(from + x);
      line += `${x ? 'L' : 'M'}${x} ${y(one?.started ?? 0)}`;
      if (one?.throttled) marks += `M${x} ${HIGH}V${y(one.throttled)}`;
    }
    started.setAttribute('d', line);
    throttled.setAttribute('d', marks);
    allowed.setAttribute('d', `M0 ${y(limit)}H${WIDE}`);
    put(top, t('rate_top', { n: number(limit) }));
    const sum = sums(from);
    drawing.setAttribute('aria-label', t('plot_says', {
      most: number([...seconds.values()].reduce((n, one) => Math.max(n, one.started ?? 0), 0)),
      mean: number(sum.started / SPAN), allowed: number(limit), sent: sum.started }));
  }
  return { node, draw };
}

/** The same as a table, minute by minute, for whoever can't see the plot or wants the numbers. */
export function minutes() {
  const heads = [t('minute_from'), ...KINDS.map((kind) => t(kind))];
  const { node, body } = table(t('minutes_caption'), heads);
  function draw(now) {
    const list = [];
    for (let at = Math.floor(now / 60) * 60; at > now - SPAN; at -= 60) list.push({ at, ...sums(at, at + 60) });
    sync(body, list, (one) => one.at, (one) => {
      const line = row(heads, ['', '', '', '', '']);
      const [head, ...cells] = line.children;
      put(head, time_text(new Date(one.at * 1000).toISOString()));
      return { node: line, set: (item) => KINDS.forEach((kind, n) => put(cells[n], number(item[kind]))) };
    });
  }
  return { node, draw };
}

/** Requests of the ten minutes by what came of them. */
export function classes() {
  const node = el('dl', { class: 'figures' });
  const values = KINDS.map(() => el('dd'));
  fill(node, KINDS.map((kind, n) => el('div', null, el('dt', null, t(kind)), values[n])));
  return { node, draw: () => { const sum = sums(); KINDS.forEach((kind, n) => put(values[n], number(sum[kind]))); } };
}

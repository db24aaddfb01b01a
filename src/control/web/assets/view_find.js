// What became of one order, by its uid, orderId or douyinId.

import { get } from './api.js';
import { el, facts, fill, put } from './dom.js';
import { ids_text, job_link, number, time, zone } from './format.js';
import { name_of, t } from './words.js';

function story(order) {
  return el('li', null,
    el('h2', null, `${name_of('outcome', order.outcome)} · `, el('a', { href: job_link(order.job) }, order.name || order.job)),
    facts([[t('job'), order.job], [t('order_number'), t('nth_order', { n: order.row })], [t('ids'), ids_text(order.ids)],
      [t('api_said'), [order.status === null || order.status === undefined ? null : el('span', null, t('status_n', { n: String(order.status) }), ' '), order.message]],
      [t('order_id'), order.order_id],
      [t('active'), order.start_time ? t('from_to', { from: order.start_time, to: order.end_time }) : ''],
      [t('settled_when', { zone: zone() }), time(order.at)],
      [t('last_request'), order.request], [t('attempts'), order.attempts ? number(order.attempts) : ''],
      [t('looked_up'), order.looked_up ? t(`looked_up_${order.looked_up}`) : '']]));
}

export function find(ctx, asked) {
  const id = el('input', { type: 'text', id: 'order', maxlength: '200', autocomplete: 'off', spellcheck: 'false', required: true, value: asked ?? '', 'aria-describedby': 'order-help' });
  const words = el('p', { role: 'status', elementtiming: 'view' });
  const list = el('ul', { class: 'stories' });
  let count = 0;
  async function look() {
    const mine = ++count;
    const sought = id.value.trim();
    if (!sought) return;
    put(words, t('looking'));
    try {
      const answer = await get(`/v1/find?${new URLSearchParams({ id: sought })}`);
      if (mine !== count) return;
      const orders = answer.orders ?? [];
      fill(list, orders.map(story));
      put(words, orders.length ? t('found', { n: orders.length, id: sought }) : t('found_nothing', { id: sought }));
    } catch (error) {
      if (mine !== count) return;
      fill(list);
      put(words, error.message);
    }
  }
  const form = el('form', { class: 'filter', role: 'search', onsubmit: (event) => {
    event.preventDefault();
    const to = `#/find/${encodeURIComponent(id.value.trim())}`;
    if (location.hash === to) look();
    else ctx.replace(to, look);
  } }, el('label', { for: 'order' }, t('find_by')), id, el('button', { type: 'submit', class: 'main' }, t('find')));
  if (asked) look();
  return { title: t('find'), nodes: [el('h1', { tabindex: '-1' }, t('find')), form, el('p', { class: 'quiet', id: 'order-help' }, t('find_help')), words, list],
    leave: () => { ++count; } };
}

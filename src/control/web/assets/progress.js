// How far a job is: its bar, its counts, when it is done.

import { el, put } from './dom.js';
import { counts_text, number, time_text } from './format.js';
import { t } from './words.js';

const GOOD = ['accepted', 'accepted_earlier', 'duplicate'];
const BAD = ['refused', 'invalid', 'failed', 'not_sent'];

const sum = (counts, kinds) => kinds.reduce((n, kind) => n + (counts?.[kind] ?? 0), 0);
const settled = (counts) => sum(counts, GOOD) + sum(counts, BAD) + (counts?.in_doubt ?? 0);

/** {node, set(job)}. The colours say nothing that the words beside them don't. */
export function bar() {
  const parts = ['good', 'bad', 'doubt'].map((kind) => el('span', { class: kind }));
  const strip = el('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': '0' }, parts);
  const words = el('span', { class: 'of' });
  const counts = el('span', { class: 'counts' });
  const node = el('div', { class: 'progress' }, strip, words, counts);

  function set(job) {
    const rows = job.rows ?? 0;
    const n = settled(job.counts);
    [sum(job.counts, GOOD), sum(job.counts, BAD), job.counts?.in_doubt ?? 0].forEach((part, at) => {
      const width = rows ? `${((part / rows) * 100).toFixed(2)}%` : '0';
      if (parts[at].style.width !== width) parts[at].style.width = width;
    });
    strip.setAttribute('aria-valuemax', String(rows || 1));
    strip.setAttribute('aria-valuenow', String(Math.min(n, rows || 1)));
    strip.setAttribute('aria-label', t('progress_of', { job: job.job }));
    strip.setAttribute('aria-valuetext', t('settled_of', { n, of: rows }));
    put(words, rows ? t('settled_of', { n, of: rows }) : '');
    put(counts, counts_text(job.counts));
  }
  return { node, set };
}

/** "about 17:03:20" while it moves, else when it ended. */
export function when(job) {
  if (job.finished) return time_text(job.finished);
  if (job.eta) return t('done_about', { at: time_text(job.eta) });
  return '';
}

export const rows_text = (job) => number(job.rows ?? 0);

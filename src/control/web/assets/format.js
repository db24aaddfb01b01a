// Numbers, times and sizes as a person reads them. Times are in the reader's zone, and the zone is said.

import { el } from './dom.js';
import { lang, locale, name_of, number, t } from './words.js';

export { number };

const made = new Map();
function format(name, options) {
  const key = `${lang()} ${name}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale(), options));
  return made.get(key);
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };

export function time_text(at) {
  const date = new Date(at);
  if (!at || Number.isNaN(date.getTime())) return '';
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return format('today', CLOCK).format(date);
  if (date.getFullYear() === now.getFullYear()) return format('year', { month: 'short', day: 'numeric', ...CLOCK }).format(date);
  return format('ever', { year: 'numeric', month: 'short', day: 'numeric', ...CLOCK }).format(date);
}

/** Null where there is none. */
export function time(at) {
  const text = time_text(at);
  return text ? el('time', { datetime: at, title: `${at} (UTC)` }, text) : null;
}

export function zone() {
  const part = format('zone', { timeZoneName: 'shortOffset' }).formatToParts(new Date())
    .find((one) => one.type === 'timeZoneName')?.value ?? '';
  return part.replace('GMT', 'UTC');
}

export const zone_name = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';

export function duration(seconds) {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 90) return t('seconds', { n: whole });
  if (whole < 5400) return t('minutes', { n: Math.round(whole / 60) });
  return t('hours', { n: Math.floor(whole / 3600), m: Math.round((whole % 3600) / 60) });
}

export function bytes(n) {
  if (n < 1024) return t('bytes', { n });
  if (n < 1024 * 1024) return `${number(n / 1024)} KiB`;
  return `${number(n / 1024 / 1024)} MiB`;
}

export const OUTCOMES = ['accepted', 'accepted_earlier', 'refused', 'invalid', 'failed', 'not_sent', 'duplicate', 'in_doubt'];

/** "118 accepted, 2 refused": what there is of each. */
export function counts_text(counts) {
  return OUTCOMES.filter((one) => counts?.[one] > 0)
    .map((one) => t('count', { n: counts[one], what: name_of('outcome', one) })).join(t('comma'));
}

export const ids_text = (ids) => Object.entries(ids ?? {}).map(([name, id]) => `${name} ${id}`).join(t('comma'));

export const job_link = (job) => `#/jobs/${encodeURIComponent(job)}`;

// A file dropped: uploaded, checked, placed, and followed to its job. What stands here outlives a look at another view.

import { get, post, remove, upload } from './api.js';
import { el, facts, fill, put, rich, row, show, table } from './dom.js';
import { bytes, duration, job_link, number, time_text, zone } from './format.js';
import { lang, name_of, said, t } from './words.js';

const nothing = () => ({ step: 'empty' });
let now = nothing();  // step: empty, uploading, checked, placing, placed; and what belongs to it
let redraw = () => {};
let announce = () => {};

function become(next) {
  now = next;
  redraw();
}

/** Takes the first of the files that were chosen, or dropped anywhere on the page. */
export async function take(files, ctx) {
  const file = files?.[0];
  if (!file || !ctx.session().may_drop || now.step === 'placing') return;
  announce = ctx.announce;
  throw_away();
  const most = ctx.session().max_upload_bytes;
  if (most && file.size > most) return become({ step: 'empty', trouble: t('too_large', { name: file.name, size: bytes(file.size), most: bytes(most) }) });
  const path = `/v1/checks?${new URLSearchParams({ name: file.name, lang: lang() })}`;
  const mine = { step: 'uploading', name: file.name, part: 0, others: files.length - 1 };
  const sending = upload(path, file, (part) => {
    mine.part = part;
    if (now === mine) redraw();
  });
  mine.cut = sending.cut;
  become(mine);
  try {
    const report = await sending.answer;
    if (now !== mine) return;
    become({ step: 'checked', name: file.name, report, others: mine.others });
    announce(report.rejected ? t('would_be_rejected') : t('check_says', { n: report.to_send, invalid: report.invalid }));
  } catch (error) {
    if (now === mine) become({ step: 'empty', trouble: error.message });
  }
}

function throw_away() {
  if (now.step === 'uploading') now.cut();
  if (now.step === 'checked' && now.report.upload) remove(`/v1/checks/${encodeURIComponent(now.report.upload)}`).catch(() => {});
}

/** The number of a job, which counts up for ever: YYYYMMDD-N. */
const number_of = (job) => Number(String(job).split('-')[1] ?? 0);

async function place() {
  const checked = now;
  become({ ...checked, step: 'placing' });
  try {
    const newest = (await get('/v1/jobs?limit=1')).jobs?.[0];
    const { name } = await post(`/v1/checks/${encodeURIComponent(checked.report.upload)}/place`);
    become({ step: 'placed', name, after: newest ? number_of(newest.job) : 0, job: null, words: '' });
    announce(t('placed_as', { name }));
    follow();
  } catch (error) {
    become({ ...checked, trouble: error.message });
  }
}

let following = false;
let heard = false;  // a picture that came meanwhile: it may be the last one
/** Looks for the job of what was placed; asked again with each picture until it is there. */
async function follow() {
  heard = true;
  if (following) return;
  following = true;
  while (heard && now.step === 'placed' && !now.job) await look_for(now);
  following = false;
}

async function look_for(placed) {
  heard = false;
  try {
    const { jobs = [] } = await get(`/v1/jobs?${new URLSearchParams({ name: placed.name, limit: 20 })}`);
    const found = jobs.filter((one) => one.name === placed.name && number_of(one.job) > placed.after).at(-1);
    if (found) {
      placed.job = found.job;
    } else {
      const waits = ((await get('/v1/inbox')).waiting ?? []).find((one) => one.name === placed.name);
      placed.words = waits ? said(waits, 'words') : '';
    }
  } catch { /* the next picture asks again */ }
  if (now === placed) redraw();
}

function columns(report) {
  const heads = [t('column'), t('understood_as')];
  const { node, body } = table(t('columns_caption'), heads);
  body.append(...(report.columns ?? []).map((one) => row(heads, [one.spelled || t('nameless'),
    one.field ? el('code', null, one.field) : [t('carried'), one.nearest ? [' ', t('did_you_mean', { name: one.nearest })] : '']])));
  return el('details', { open: (report.columns ?? []).some((one) => one.nearest) }, el('summary', null, t('columns', {
    n: (report.columns ?? []).filter((one) => one.field).length, of: (report.columns ?? []).length })), node);
}

function complaints(report) {
  if (!report.complaints?.length) return null;
  const heads = [t('where'), t('what'), t('why')];
  const { node, body } = table(t('complaints_caption'), heads);
  const place = report.counts_lines === false ? 'order_n' : 'line_n';
  body.append(...report.complaints.map((one) => row(heads, [t(place, { n: one.line }),
    one.outcome ? name_of('outcome', one.outcome) : t('warning'), said(one, 'message')])));
  const unlisted = (report.complaints_total ?? 0) - report.complaints.length;
  return [node, unlisted > 0 ? el('p', { class: 'quiet' }, t('complaints_more', { n: unlisted })) : null];
}

function warnings(report) {
  const list = (lang() === 'zh' && report.warnings_zh) || report.warnings || [];
  const own = [];
  if (report.placed_before > 0) own.push([t('placed_before_n', { n: report.placed_before }), report.placed_by ? ` ${t('placed_by', { job: report.placed_by })}` : '']);
  if (report.held_by_cap) own.push([t('held_by_cap')]);
  const all = [...list.map((one) => rich(one)), ...own];
  return all.length ? el('ul', { class: 'banners' }, all.map((one) => el('li', { class: 'banner' }, el('p', null, one)))) : null;
}

/** What it comes to, and below it the buttons that are to be reached without reading all that is wrong. */
function report_of(report, buttons) {
  if (said(report, 'rejected')) {
    return [el('ul', { class: 'banners' }, el('li', { class: 'banner bad' }, el('h2', null, t('would_be_rejected')), el('p', null, rich(said(report, 'rejected'))))), buttons];
  }
  const in_time = report.activation_day && report.to_send > 0
    ? report.in_time >= report.to_send ? t('all_in_time', { at: time_text(report.deadline), zone: zone() })
      : t('some_in_time', { n: report.in_time, of: report.to_send, at: time_text(report.deadline), zone: zone(), day: report.activation_day_after ?? '' }) : '';
  return [warnings(report),
    facts([[t('rows'), number(report.rows)], [t('to_send'), el('strong', null, t('n_orders', { n: report.to_send }))],
      [name_of('outcome', 'invalid'), report.invalid ? t('invalid_n', { n: report.invalid }) : ''],
      [name_of('outcome', 'duplicate'), report.duplicates ? t('duplicates_n', { n: report.duplicates }) : ''],
      [name_of('outcome', 'in_doubt'), report.in_doubt ? t('in_doubt_n', { n: report.in_doubt }) : ''],
      [t('takes'), report.requests ? t('takes_n', { n: report.requests, time: duration(report.seconds) }) : ''],
      [t('activation'), report.activation_day ? t('active_on', { day: report.activation_day }) : ''], [t('deadline'), in_time],
      [t('service'), name_of('service', report.service)], [t('format'), [report.encoding, said(report, 'format')].filter(Boolean).join(t('comma'))]]),
    buttons, complaints(report), columns(report)];
}

export function drop(ctx) {
  const may = ctx.session().may_drop;
  const input = el('input', { type: 'file', id: 'file', 'aria-describedby': 'drop-help' });
  const zone_node = el('div', { class: 'zone' }, el('label', { for: 'file' }, t('choose')), input, el('p', { class: 'quiet', id: 'drop-help' }, t('drop_help')));
  const there = el('div', { class: 'there' });
  const trouble = el('p', { class: 'trouble', role: 'alert' });
  let drawn = null;
  let bar = null;

  function buttons(report) {
    const sends = report.to_send > 0 && !said(report, 'rejected');
    const only_results = !said(report, 'rejected') && !sends && report.rows > 0;
    const placing = now.step === 'placing';
    return el('div', { class: 'buttons' },
      sends ? el('button', { type: 'button', class: 'main', id: 'place', disabled: placing, onclick: place }, t('place', { n: report.to_send })) : null,
      el('button', { type: 'button', disabled: placing, onclick: () => { throw_away(); become(nothing()); input.focus(); } }, t('put_away')),
      only_results ? el('p', { class: 'quiet' }, t('nothing_to_send')) : null);
  }

  function parts() {
    if (now.step === 'uploading') {
      bar = el('progress', { max: '1', value: '0', 'aria-label': t('uploading', { name: now.name }) });
      return [el('p', null, t('uploading', { name: now.name })), bar,
        el('div', { class: 'buttons' }, el('button', { type: 'button', onclick: () => { throw_away(); become(nothing()); input.focus(); } }, t('cut')))];
    }
    if (now.step === 'checked' || now.step === 'placing') {
      const { report } = now;
      return [el('h2', { id: 'checked', tabindex: '-1' }, t('check_of', { name: report.name ?? now.name })),
        now.others > 0 ? el('p', { class: 'quiet' }, t('one_at_a_time', { n: now.others })) : null,
        said(report, 'rejected') ? null : el('p', { class: 'quiet' }, t('nothing_sent_yet')),
        report_of(report, [buttons(report),
          report.to_send > 0 ? el('p', { class: 'quiet' }, t('place_costs', { until: time_text(report.until) })) : null])];
    }
    if (now.step === 'placed') {
      return [el('h2', { tabindex: '-1' }, t('placed_as', { name: now.name })),
        now.job ? el('p', null, el('a', { href: job_link(now.job) }, t('to_job', { job: now.job }))) : el('p', { role: 'status' }, rich(now.words || t('being_taken')))];
    }
    return [];
  }

  redraw = () => {
    put(trouble, now.trouble ?? '');
    show(trouble, Boolean(now.trouble));
    show(zone_node, now.step === 'empty' || now.step === 'placed');
    if (now.step === 'uploading' && drawn === now) {
      bar.value = now.part;
      return;
    }
    const other = drawn?.step !== now.step;
    const had_focus = there.contains(document.activeElement) || zone_node.contains(document.activeElement);
    fill(there, parts());
    drawn = now;
    if (other && (had_focus || now.step === 'checked')) there.querySelector('h2')?.focus();
    if (now.step === 'empty') input.value = '';
    if (now.job && !now.left) {
      const to = job_link(now.job);
      now = nothing();
      ctx.go(to);
    }
  };
  input.addEventListener('change', () => take(input.files, ctx));
  for (const kind of ['dragenter', 'dragover']) zone_node.addEventListener(kind, () => zone_node.classList.add('over'));
  for (const kind of ['dragleave', 'drop']) zone_node.addEventListener(kind, () => zone_node.classList.remove('over'));
  const nodes = [el('h1', { tabindex: '-1' }, t('drop')), may ? null : el('p', { class: 'banner' }, t('may_not_drop')), may ? zone_node : null, trouble, there]
    .filter(Boolean);
  redraw();
  return { title: t('drop'), nodes, status: () => follow(), leave: () => {
    now.left = now.step === 'placed';
    redraw = () => {};
  } };
}

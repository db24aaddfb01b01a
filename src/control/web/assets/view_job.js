// One job: how far it is, what went wrong and how to mend it, its files, and what may be done with it.

import { ask, get, post } from './api.js';
import { confirmed } from './confirm.js';
import { el, facts, fill, put, rich, row, show, sync, table } from './dom.js';
import { bytes, ids_text, number, OUTCOMES, time, time_text, zone } from './format.js';
import { bar, when } from './progress.js';
import { name_of, said, t } from './words.js';

const ENDED = new Set(['done', 'rejected', 'dropped']);
const APART = 5000;  // between two looks at the faults of a job that runs: each reads all its rows

function outcomes() {
  const heads = [t('result'), t('orders'), t('means')];
  const { node, body } = table(t('outcomes_caption'), heads);
  return { node, set: (counts) => sync(body, OUTCOMES.filter((one) => counts?.[one] > 0), (one) => one, (one) => {
    const line = row(heads, [name_of('outcome', one), '', t(`means_${one}`)]);
    return { node: line, set: () => put(line.children[1], number(counts[one])) };
  }) };
}

function fault_row(heads, fault) {
  const rows = fault.first_lines?.length ? [] : fault.first_rows ?? [];  // lines are known at the job's end
  const lines = rows.length ? rows.map((n) => t('nth_order', { n })) : fault.first_lines ?? [];
  return row(heads, [number(fault.count), [el('strong', null, name_of('outcome', fault.outcome)), el('p', null, said(fault, 'message'))],
    el('div', null, rich(said(fault, 'advice'))),
    lines.map(String).join(t('comma')) + (fault.count > lines.length ? ' …' : '')]);
}

function batches(id) {
  const heads = [t('batch'), t('rows'), t('state'), t('attempts'), t('last_request')];
  const { node, body } = table(t('batches_caption'), heads);
  const words = el('p', { class: 'quiet', role: 'status' });
  const more = el('button', { type: 'button', onclick: () => load() }, t('more'));
  let next = '';
  async function load(anew = false) {
    if (anew) {
      next = '';
      fill(body);
    }
    try {
      const answer = await get(`/v1/jobs/${encodeURIComponent(id)}/batches?limit=100${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`);
      body.append(...(answer.batches ?? []).map((one) => row(heads,
        [String(one.batch), number(one.rows), name_of('batch', one.state), number(one.attempts), one.last_request || ''])));
      next = answer.next ?? null;
      put(words, body.childElementCount ? '' : t('no_batches'));
    } catch (error) {
      put(words, error.message);
      next = null;
    }
    show(more, next !== null);
    show(node, body.childElementCount > 0);
  }
  show(node, false);
  show(more, false);
  const whole = el('details', { ontoggle: () => whole.open && load(true) }, el('summary', null, t('batches')), node, words, more);
  return whole;
}

/** Its orders in doubt, and what somebody who looked them up found of each. */
function doubts(path, act) {
  const heads = [t('order_number'), t('ids'), t('looked_up')];
  const { node: list, body } = table(t('doubts_caption'), heads);
  const more = el('p', { class: 'quiet' });
  const picks = () => [...body.querySelectorAll('select')].filter((one) => one.value && one.value !== one.dataset.was);
  const found = (answer) => picks().filter((one) => one.value === answer).map((one) => one.dataset.order);
  const say = el('button', { type: 'button', disabled: true, 'data-deed': 'resolve', onclick: () => {
    const answers = { applied: found('applied'), not_applied: found('not_applied') };
    act('resolve', { body: answers, title: t('resolve_title', { n: picks().length }), verb: t('resolve'), danger: true,
      words: [t('resolve_words', { applied: answers.applied.length, not_applied: answers.not_applied.length })] });
  } }, t('resolve'));
  const node = el('section', null, list, more, el('div', { class: 'buttons' }, say));
  body.addEventListener('change', () => { say.disabled = !picks().length; });

  function line(one, may) {
    const pick = el('select', { 'aria-label': t('nth_order', { n: one.row }), 'data-order': one.order, 'data-was': one.looked_up, disabled: !may },
      ['', 'applied', 'not_applied'].map((answer) => el('option', { value: answer, selected: answer === one.looked_up }, t(`looked_up_${answer || 'not'}`))));
    return { node: row(heads, [t('nth_order', { n: one.row }), ids_text(one.ids), pick]) };
  }
  return { node, load: async (may) => {
    const answer = await get(`${path}/doubts`);
    sync(body, answer.doubts ?? [], (one) => `${one.order} ${one.looked_up}`, (one) => line(one, may));
    put(more, answer.doubts_total > answer.doubts?.length ? t('complaints_more', { n: answer.doubts_total - answer.doubts.length }) : '');
    say.disabled = !picks().length;
    show(say, may);
    show(node, answer.doubts?.length > 0);
  } };
}

/** What may be done with it now, with what each means for money. */
function deeds(job, act) {
  const ended = ENDED.has(job.state);
  const left = job.unsettled ?? Math.max(0, (job.rows ?? 0) - OUTCOMES.reduce((n, one) => n + (job.counts?.[one] ?? 0), 0));
  const doubt = job.counts?.in_doubt ?? 0;
  const button = (verb, options) => el('button', { type: 'button', 'data-deed': verb, class: options.danger ? 'danger' : null,
    onclick: () => act(verb, options) }, t(options.button ?? verb));
  const values = { job: job.job, n: left, doubt };
  const question = (verb, options = {}) => button(verb, { title: t(`${verb}_title`, values), words: [t(`${verb}_words`, values)], verb: t(verb), ...options });
  const list = [];
  if (!ended && !job.held && job.state !== 'staged') list.push(question('hold'));
  if (!ended && job.held) list.push(question('release'));
  if (!ended && job.state !== 'staged') list.push(question('cancel', { danger: true }));
  if (job.state === 'done' && doubt > 0) {
    list.push(question('applied', { path: 'resolve', body: { all: 'applied' } }));
    list.push(question('not_applied', { path: 'resolve', body: { all: 'not_applied' }, danger: true }));
  }
  return list;
}

export function job(ctx, id) {
  const path = `/v1/jobs/${encodeURIComponent(id)}`;
  const title = el('h1', { tabindex: '-1' }, id);
  const lead = el('p', { class: 'quiet', elementtiming: 'view' });
  const notes = el('ul', { class: 'banners', 'aria-label': t('banners') });
  const strip = bar();
  const done = el('p');
  const counts = outcomes();
  const buttons = el('div', { class: 'buttons' });
  const said_there = el('p', { role: 'status' });
  const heads = [t('orders'), t('fault'), t('advice'), t('first_lines')];
  const faults = table(t('faults_caption'), heads);
  const faults_words = el('p', { class: 'quiet' });
  const files = el('ul', { class: 'files' });
  const files_words = el('p', { class: 'quiet' });
  const again = el('p', null, el('a', { href: '#/drop' }, t('drop_mended')));
  const more = el('div');
  const unclear = doubts(path, act);
  let whole = null;
  let gone = false;
  let faults_at = 0;
  let busy = false;
  let stale = false;
  let offered = '';

  const note = (name, words, bad) => ({ name, words, bad });
  function draw(one) {
    put(title, one.name || id);
    put(lead, [id, name_of('state', one.state), one.service ? name_of('service', one.service) : '', t('n_orders', { n: one.rows ?? 0 })]
      .filter(Boolean).join(' · '));
    sync(notes, [note('held', said(one, 'held'), false), note('waits', said(one, 'waits'), false),
      note('placed_before', said(one, 'placed_before'), false), note('doubts', said(one, 'doubts'), false),
      note('reason', said(one, 'reason'), true)].filter((item) => item.words), (item) => item.name + item.words, (item) => ({
      node: el('li', { class: item.bad ? 'banner bad' : 'banner' }, el('h2', null, t(`job_${item.name}`)), el('p', null, rich(item.words))) }));
    show(notes, notes.childElementCount > 0);
    strip.set(one);
    show(strip.node, (one.rows ?? 0) > 0);
    const end = when(one);
    put(done, end ? (one.finished ? t('ended_at', { at: end, zone: zone() }) : `${end} (${zone()})`) : '');
    counts.set(one.counts);
    show(counts.node, counts.node.querySelector('tbody').childElementCount > 0);
    const list = ctx.session().may_act ? deeds(one, act) : [];
    const now_offered = JSON.stringify([list.map((b) => b.dataset.deed), one.unsettled, one.counts]);
    if (now_offered !== offered) {
      const focused = buttons.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
      fill(buttons, list);
      if (focused) (list.find((b) => b.dataset.deed === focused) ?? title).focus();
    }
    offered = now_offered;
    fill(more, facts([[t('claimed'), time(one.claimed)], [t('started'), time(one.started)], [t('finished'), time(one.finished)],
      [t('requests'), number(one.requests)], [t('decided'), said(one, 'decided')],
      [t('other_starts'), one.other_starts ? t('other_starts_words', { n: one.other_starts }) : ''],
      [t('base_url'), one.base_url], [t('content_hash'), one.content_hash], [t('exit'), one.exit === null || one.exit === undefined ? '' : String(one.exit)]]));
  }

  async function act(verb, options, force = false) {
    const { path: where = verb, body = {}, title: asked, words, verb: yes, danger } = options;
    if (!(await confirmed({ title: asked, words: force ? [t('force_words'), ...words] : words, verb: yes, danger }))) return;
    try {
      said_there.replaceChildren(...rich(said(await post(`${path}/${where}`, force ? { ...body, force: true } : body), 'said')));
      load();
    } catch (error) {
      const contrary = where === 'resolve' && error.status === 409 && error.message.includes('--force');
      said_there.replaceChildren(...rich(error.message), ...(contrary
        ? [' ', el('button', { type: 'button', onclick: () => act(verb, options, true) }, t('say_again'))] : []));
    }
  }

  async function load_faults() {
    faults_at = Date.now();
    const answer = await get(`${path}/faults`);
    const list = answer.faults ?? [];
    sync(faults.body, list, (one) => JSON.stringify(one), (one) => ({ node: fault_row(heads, one) }));
    show(faults.node, list.length > 0);
    const unlisted = (answer.faults_total ?? list.length) - list.length;
    put(faults_words, list.length === 0 ? t('no_faults') : unlisted > 0 ? t('faults_more', { n: unlisted }) : '');
  }

  async function load_files() {
    const list = (await get(`${path}/files`)).files ?? [];
    sync(files, list, (one) => `${one.kind} ${one.bytes}`, (one) => ({ node: el('li', null,
      el('a', { href: `${path}/files/${encodeURIComponent(one.kind)}`, download: one.name }, t(`file_${one.kind.replaceAll('-', '_')}`)),
      el('span', { class: 'quiet' }, `${one.name} · ${bytes(one.bytes)}`)) }));
    put(files_words, list.length ? '' : t('no_files'));
    show(again, list.some((one) => one.kind === 'failures') && ctx.session().may_drop);
  }

  async function load() {
    stale = true;  // what comes while it is being asked is asked for afterwards: it may be the last word
    if (busy) return;
    busy = true;
    while (stale && !gone) await load_once();
    busy = false;
  }

  async function load_once() {
    stale = false;
    try {
      whole = { ...(await get(path)), job: id };
      const live = ctx.status()?.jobs?.find((one) => one.job === id);
      draw(live && !ENDED.has(whole.state) ? { ...whole, ...live } : whole);  // the picture may be older than its end
      if (whole.counts?.in_doubt) await unclear.load(ctx.session().may_act);
      await load_faults();
      await load_files();
    } catch (error) {
      if (!gone) put(lead, error.message);
    }
  }

  function status(picture) {
    const live = picture.jobs?.find((one) => one.job === id);
    if (live) {
      if (whole && ENDED.has(whole.state)) return;
      draw({ ...whole, ...live });
      const other = whole && (Boolean(whole.held) !== Boolean(live.held) || whole.state !== live.state);
      if (other || Date.now() - faults_at > APART) load();
      return;
    }
    // It has ended, or is beyond those that the picture shows.
    const ended = picture.finished?.some((one) => one.job === id) || Date.now() - faults_at > APART;
    if (whole === null ? busy : !ENDED.has(whole.state) && ended) load();
  }

  [notes, strip.node, counts.node, faults.node, again, unclear.node].forEach((one) => show(one, false));
  load();
  const nodes = [title, lead, notes, strip.node, done, counts.node, buttons, said_there, unclear.node,
    el('section', { 'aria-labelledby': 'faults' }, el('h2', { id: 'faults' }, t('faults')), faults_words, faults.node),
    el('section', { 'aria-labelledby': 'files' }, el('h2', { id: 'files' }, t('files')), files_words, files, again),
    el('section', { 'aria-labelledby': 'more' }, el('h2', { id: 'more' }, t('more_of_it')), batches(id),
      el('details', null, el('summary', null, t('facts')), more))];
  return { title: id, nodes, status, here: load, leave: () => { gone = true; } };
}

// Elements, made of tags, attributes and text. Whatever comes from the daemon becomes text here and never HTML.

const SVG = 'http://www.w3.org/2000/svg';
const DRAWN = new Set(['svg', 'path', 'line', 'text', 'g']);

const present = (kids) => kids.flat(Infinity).filter((kid) => kid || kid === 0);

/** An element. `onclick` and the like are listeners; what is null or false is left out; strings become text. */
export function el(tag, props, ...kids) {
  const node = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...present(kids));
  return node;
}

/** Text that changes only where it is another one: nothing is painted, and nothing is read out, for what stayed. */
export function put(node, text) {
  const said = String(text ?? '');
  if (node.textContent !== said) node.textContent = said;
}

export function show(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

export function fill(node, ...kids) {
  node.replaceChildren(...present(kids));
}

/** A sentence in which `what stands like this` is to be typed. */
export function rich(text) {
  return String(text ?? '').split('`').map((part, at) => (at % 2 ? el('code', null, part) : part));
}

const rows = new WeakMap();  // of each parent: key to {node, set}

/**
 * Makes the children of `parent` those of `items`, in their order. What is there already is kept and told of its item
 * anew, so that focus and selection stay where they are.
 */
export function sync(parent, items, key, make) {
  const known = rows.get(parent) ?? new Map();
  const now = new Map();
  let before = null;
  for (const item of items) {
    const id = key(item);
    const row = known.get(id) ?? make(item);
    row.set?.(item);
    now.set(id, row);
    const next = before ? before.nextSibling : parent.firstChild;
    if (next !== row.node) parent.insertBefore(row.node, next);
    before = row.node;
  }
  while (before ? before.nextSibling : parent.firstChild) (before ? before.nextSibling : parent.firstChild).remove();
  rows.set(parent, now);
}

/** A table with a caption and heads. The roles stand there because narrow screens lay it out as a list. */
export function table(caption, heads, kind) {
  const body = el('tbody', { role: 'rowgroup' });
  const node = el('table', { role: 'table', class: kind }, el('caption', null, caption),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' },
      heads.map((head) => el('th', { role: 'columnheader', scope: 'col' }, head)))), body);
  return { node, body, heads };
}

/** One row of it; `cells` are texts or nodes. A narrow screen shows each with its head. */
export function row(heads, cells) {
  return el('tr', { role: 'row' }, cells.map((cell, at) => el('td', { role: 'cell', 'data-head': heads[at] }, cell)));
}

/** Names and their values; a value of nothing is left out. */
export function facts(pairs) {
  return el('dl', { class: 'facts' }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, value))));
}

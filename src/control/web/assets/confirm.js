// A question before what can't be taken back, or costs money.

import { el, rich } from './dom.js';
import { t } from './words.js';

let number = 0;

/** True: yes. The answer that changes nothing has the focus, and Escape gives it. */
export function confirmed({ title, words, verb, danger = false }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const id = `question${++number}`;
    const no = el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, t('leave_it'));
    const yes = el('button', { type: 'button', class: danger ? 'danger' : 'main', onclick: () => dialog.close('yes') }, verb);
    const dialog = el('dialog', { 'aria-labelledby': `${id}t`, 'aria-describedby': `${id}w` },
      el('h2', { id: `${id}t` }, title), el('div', { id: `${id}w` }, words.map((one) => el('p', null, rich(one)))),
      el('div', { class: 'buttons' }, no, yes));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (before?.isConnected) before.focus();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

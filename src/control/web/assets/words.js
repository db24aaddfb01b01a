// Which language, and what is said in it. Chosen by the browser's languages until somebody chooses, then remembered.

import en from './words.en.js';
import zh from './words.zh.js';

const ALL = { en, zh };
const REMEMBERED = 'sluice.language';

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;  // storage is switched off
  }
}

function of_browser() {
  for (const one of navigator.languages ?? [navigator.language]) {
    const base = String(one).toLowerCase().split('-')[0];
    if (ALL[base]) return base;
  }
  return 'en';
}

let chosen = ALL[remembered()] ? remembered() : of_browser();

export const lang = () => chosen;
export const other = () => (chosen === 'zh' ? 'en' : 'zh');
export const locale = () => (chosen === 'zh' ? 'zh-CN' : 'en-GB');

export function choose(language) {
  chosen = ALL[language] ? language : chosen;
  try {
    localStorage.setItem(REMEMBERED, chosen);
  } catch { /* then it is forgotten with this tab */ }
}

/** Another tab chose. */
export function heard(event) {
  if (event.key !== REMEMBERED || !ALL[event.newValue] || event.newValue === chosen) return false;
  chosen = event.newValue;
  return true;
}

const digits = {};  // making one takes longer than using it
export const number = (n) => (digits[chosen] ??= new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 })).format(n ?? 0);
const written = (value) => (typeof value === 'number' ? number(value) : String(value ?? ''));

/** The sentence of that name; {n} is a value, {n|order|orders} the word that goes with it. */
export function t(name, values = {}) {
  const sentence = ALL[chosen][name];
  if (sentence === undefined) throw new Error(`no words for ${name}`);
  return sentence.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, key, one, many) => (
    one === undefined ? written(values[key]) : values[key] === 1 ? one : many));
}

/** The name of something of a closed set; one that a later daemon invents is shown as it is. */
export function name_of(kind, value) {
  const sentence = ALL[chosen][`${kind}_${String(value).replaceAll('-', '_')}`];
  return sentence === undefined ? String(value ?? '') : sentence;
}

const COMMAND = /`?(sluice (pause|resume|hold|release|cancel|resolve)(?: (?:--[\w-]+|\d[\w-]*|JOB))*)`?/g;

/** What the daemon says under KEY and KEY_zh. Where it names a command, the button here that does the same comes first. */
export function said(object, key) {
  const chinese = chosen === 'zh' ? object?.[`${key}_zh`] : null;
  return String(chinese || object?.[key] || '').replace(COMMAND, (_, command, verb) => `“${t(verb)}” (\`${command}\`)`);
}

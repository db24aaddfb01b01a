// What is asked of the daemon, and what it answers (docs/control-api.md).

import { said, t } from './words.js';

let token = '';

/** What went wrong, in words for the reader; `status` 0: nobody answered. */
export class Trouble extends Error {
  constructor(status, words, type = '') {
    super(words);
    this.status = status;
    this.type = type;
  }
}

let over = () => {};
/** Who is to hear that nobody is signed in any more. */
export function when_over(heard) {
  over = heard;
}

function trouble(status, body) {
  let problem = {};
  try {
    problem = JSON.parse(body);
  } catch { /* a proxy's page, or nothing */ }
  const words = said(problem, 'detail') || said(problem, 'title') || t('answer_unreadable', { status });
  if (problem.type === 'urn:sluice:not-signed-in') over();
  return new Trouble(status, words, problem.type);
}

export async function ask(method, path, body) {
  const headers = {};
  if (method !== 'GET') headers['X-Sluice-Token'] = token;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  let text;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store' });
    text = await answer.text();
  } catch {
    throw new Trouble(0, t('nobody_answers'));
  }
  if (!answer.ok) throw trouble(answer.status, text);
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Trouble(answer.status, t('answer_unreadable', { status: answer.status }));
  }
}

export const get = (path) => ask('GET', path);
export const post = (path, body = {}) => ask('POST', path, body);
export const remove = (path) => ask('DELETE', path);

function taken(session) {
  token = session.token ?? '';
  return session;
}

export const session = async () => taken(await get('/v1/session'));
export const sign_in = async (link) => taken(await post('/v1/session', { token: link }));

/** Uploads a file to be checked. `progress` hears the part that is out, 0 to 1; `cut` of the answer ends it. */
export function upload(path, file, progress) {
  const request = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    request.open('POST', path);
    request.setRequestHeader('X-Sluice-Token', token);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      if (request.status < 200 || request.status > 299) return reject(trouble(request.status, request.responseText));
      try {
        return resolve(JSON.parse(request.responseText));
      } catch {
        return reject(new Trouble(request.status, t('answer_unreadable', { status: request.status })));
      }
    };
    request.onerror = () => reject(new Trouble(0, t('upload_broke')));
    request.onabort = () => reject(new Trouble(0, ''));
    request.send(file);
  });
  return { answer, cut: () => request.abort() };
}

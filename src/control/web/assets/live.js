// The picture as it changes: one event stream while somebody looks, none while nobody does. What asks again after the
// stream broke is the session, whose answer tells a daemon that is gone from a sign-in that is over.

import { session } from './api.js';

const WAITS = [1000, 2000, 4000, 8000];

let source = null;
let timer = 0;
let tries = 0;
let on = null;

/** on: status(picture), here(session) after it was away, gone(), over(). */
export function listen(handlers) {
  on = handlers;
  look();
}

export function stop() {
  on = null;
  close();
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

function look() {
  if (on === null || document.hidden) return close();
  if (source === null) open();
}

function open() {
  close();
  source = new EventSource('/v1/events');
  source.addEventListener('status', (event) => {
    tries = 0;
    on?.status(JSON.parse(event.data));
  });
  source.onerror = lost;
}

/** The first time it is asked at once who is there: a stream may end for many reasons, and most are over by then. */
function lost() {
  close();
  if (tries > 0) return wait();
  tries = 1;
  return probe();
}

function wait() {
  on?.gone();
  timer = setTimeout(probe, WAITS[Math.min(tries++, WAITS.length) - 1]);
}

async function probe() {
  const mine = on;
  let who = null;
  let refused = false;
  try {
    who = await session();
  } catch (error) {
    refused = error.status === 401;
  }
  if (mine !== on || on === null || document.hidden) return;
  if (refused) return on.over();
  if (who === null) return wait();
  on.here(who);
  open();
}

document.addEventListener('visibilitychange', look);
addEventListener('pagehide', close);
addEventListener('pageshow', look);

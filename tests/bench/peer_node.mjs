// The asyncio script's work (peer_aiohttp.py) in Node, with undici and csv-parse.
//
//     node peer_node.mjs MODULES URL ORDERS RESULTS

import { createReadStream, createWriteStream } from "node:fs";
import { createRequire } from "node:module";

const [modules, url, source, target] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { Pool } = require("undici");
const { parse } = require("csv-parse");

const BATCH = 50;
const PATH = "/acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder";
const PROVINCES = { 广东: "粤" };

const orderOf = (row) => ({
  douyinId: row.douyinId,
  source: row.source,
  uid: row.uid,
  province: PROVINCES[row.province],
  endMonthTime: row.endMonthTime,
  isRenew: row.isRenew === "true",
  nickname: row.nickname,
});

const base = new URL(url);
const pool = new Pool(base.origin, { connections: 1 });
const results = createWriteStream(target);

async function send(rows) {
  const { body } = await pool.request({
    path: base.pathname.replace(/\/$/, "") + PATH,
    method: "POST",
    headers: { authorization: "token", "content-type": "application/json" },
    body: JSON.stringify({ packOrder: rows.map(orderOf) }),
  });
  const said = new Map((await body.json()).data.map((row) => [row.uid, row]));
  for (const row of rows) {
    const one = said.get(row.uid);
    results.write([...Object.values(row), one.status, one.orderId, one.startTime, one.endTime].join(",") + "\n");
  }
}

let rows = [];
for await (const row of createReadStream(source).pipe(parse({ columns: true }))) {
  rows.push(row);
  if (rows.length === BATCH) await send(rows.splice(0));
}
if (rows.length > 0) await send(rows);
results.end();
await pool.close();

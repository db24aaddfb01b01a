#!/usr/bin/env python3
"""What somebody would write without Sluice: a file's orders, 50 a request, and a results file. No ledger, no checks.

    peer_aiohttp.py URL ORDERS RESULTS
"""

import asyncio
import csv
import sys

import aiohttp

BATCH = 50
PATH = "/acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder"
PROVINCES = {"广东": "粤"}


def order_of(row):
    return {"douyinId": row["douyinId"], "source": row["source"], "uid": row["uid"],
            "province": PROVINCES[row["province"]], "endMonthTime": row["endMonthTime"],
            "isRenew": row["isRenew"] == "true", "nickname": row["nickname"]}


async def main(url, source, target):
    with open(source, newline="") as orders, open(target, "w", newline="") as results:
        reader = csv.DictReader(orders)
        writer = csv.writer(results)
        writer.writerow([*reader.fieldnames, "status", "orderId", "startTime", "endTime"])
        rows = list(reader)
        async with aiohttp.ClientSession(headers={"Authorization": "token"}) as session:
            for at in range(0, len(rows), BATCH):
                batch = rows[at:at + BATCH]
                async with session.post(url.rstrip("/") + PATH, json={"packOrder": [order_of(row) for row in batch]}) as answer:
                    document = await answer.json()
                said = {row["uid"]: row for row in document["data"]}
                for row in batch:
                    one = said[row["uid"]]
                    writer.writerow([*row.values(), one["status"], one.get("orderId"), one.get("startTime"), one.get("endTime")])


asyncio.run(main(*sys.argv[1:]))

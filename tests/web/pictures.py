"""A daemon with something of everything: what the layouts and the screen reader's rules are tried on."""

import datetime

from fake_daemon import FakeDaemon, counts, job

SENDING, HELD, DONE, REJECTED = "20261127-4", "20261127-3", "20261127-2", "20261127-1"
VIEWS = ["#/line", "#/jobs", f"#/jobs/{SENDING}", f"#/jobs/{DONE}", f"#/jobs/{REJECTED}", "#/find/94", "#/drop"]
REPORT = {
    "upload": "u1", "name": "orders.csv", "until": "2026-11-27T03:00:00.000Z", "bytes": 4096, "rejected": "", "rejected_zh": "",
    "service": "create", "encoding": "UTF-8", "format": "delimited by comma, lines end in CRLF",
    "format_zh": "以逗号分隔，行尾为 CRLF",
    "columns": [{"spelled": "抖音号", "field": "douyinId", "nearest": ""}, {"spelled": "用户ID", "field": "uid", "nearest": ""},
                {"spelled": "昵称x", "field": "", "nearest": "昵称"}, {"spelled": "备注", "field": "", "nearest": ""}],
    "rows": 121, "to_send": 118, "invalid": 3, "duplicates": 0, "in_doubt": 0,
    "complaints": [{"line": 5, "outcome": "invalid", "message": "uid: 94x is no number", "message_zh": "uid：94x 不是数字"},
                   {"line": 9, "outcome": "invalid", "message": "endMonthTime: expected YYYY-MM", "message_zh": "endMonthTime：应为 YYYY-MM"},
                   {"line": 12, "outcome": "", "message": "province is empty", "message_zh": "省份为空"}],
    "complaints_total": 5, "warnings": [], "warnings_zh": [], "requests": 3, "seconds": 0.4, "activation_day": "2026-11-28",
    "deadline": "2026-11-27T09:00:00.000Z", "in_time": 118, "placed_before": 2, "placed_by": "20261120-7", "held_by_cap": False,
}
REFUSED = {"outcome": "refused", "message": "该用户已有生效订单", "advice": "look the order up, or leave the row out",
           "advice_zh": "请核实该订单，或删去此行", "count": 17, "first_lines": list(range(3, 13))}
INVALID = {"outcome": "invalid", "message": "uid: 94x is no number", "advice": "correct the cell", "advice_zh": "请改正该单元格",
           "count": 3, "first_lines": [5, 9, 12]}


def stamp(seconds_ago=0):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds_ago)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def everything(port=0):
    fake = FakeDaemon(port)
    fake.rate = [{"at": stamp(ago), "started": 10 - (ago // 60) % 4, "answered": 9, "throttled": 1 if ago % 90 == 0 else 0,
                  "lost": 0} for ago in range(420, 0, -1)]
    sending = job(4, "night orders.csv", "sending", rows=1000, counts=counts(accepted=300, refused=17, in_doubt=3), unsettled=680,
                  eta=stamp(-300), in_flight=50, requests=7)
    held = job(3, "july.json", "surveying", held="held by an; nothing is lost: `sluice release 20261127-3` goes on",
               held_zh="由 an 暂停；不会丢失任何内容：用 sluice release 20261127-3 继续")
    done = job(2, "june.csv", rows=120, counts=counts(accepted=110, refused=5, invalid=3, in_doubt=2), exit=1)
    rejected = job(1, "notes.txt", "rejected", rows=0, exit=2, counts=counts(), reason="no header was found in line 1",
                   reason_zh="第 1 行没有表头", finished="2026-11-27T00:59:00.000Z")
    fake.jobs = [sending, held, done, rejected]
    fake.inbox = {"waiting": [{"name": "big.csv", "words": "waits for room", "words_zh": "等待磁盘空间"}],
                  "rejected": [{"job": REJECTED, "name": "notes.txt", "reason": "no header was found in line 1",
                                "reason_zh": "第 1 行没有表头", "finished": "2026-11-27T00:59:00.000Z"}]}
    fake.status.update(
        jobs=[held, sending], jobs_total=2, finished=[done, rejected], recent_rate=9.8, in_flight=3, requests=4321, throttled=4,
        widening=1.5, pause="authorization", paused_since=stamp(60), at=stamp(),
        pause_words="401: the API does not accept the credential; put the new value into the file that `upstream.authorization` names",
        pause_words_zh="401：接口不接受该凭据；请把新值写入 upstream.authorization 所指的文件",
        in_doubt=[{"job": DONE, "name": "june.csv", "orders": 2, "file": "june.20261127-2.in-doubt.csv"}])
    for one in fake.jobs:
        path = f"GET /v1/jobs/{one['job']}"
        fake.parts[path] = {**one, "doubts": "", "doubts_zh": "", "decided": "", "decided_zh": "", "other_starts": None,
                            "base_url": "https://api.example/prod-api/", "content_hash": "5f3c", "started": one["claimed"]}
        fake.parts[f"{path}/faults"] = {"faults": [], "faults_total": 0}
        fake.parts[f"{path}/files"] = {"files": []}
        fake.parts[f"{path}/batches"] = {"batches": [], "next": None}
        fake.parts[f"{path}/doubts"] = {"doubts": [], "doubts_total": 0}
    for name in (SENDING, DONE):
        fake.parts[f"GET /v1/jobs/{name}/faults"] = {"faults": [REFUSED, INVALID], "faults_total": 4}
    fake.parts[f"GET /v1/jobs/{SENDING}/batches"] = {"next": None, "batches": [
        {"batch": 8, "rows": 50, "state": "sending", "attempts": 1, "last_request": "20261127-4.8.1"},
        {"batch": 9, "rows": 50, "state": "planned", "attempts": 0, "last_request": ""}]}
    fake.parts[f"GET /v1/jobs/{DONE}/files"] = {"files": [
        {"kind": kind, "name": f"june.{DONE}.{kind}.csv", "bytes": 20480} for kind in ("results", "failures", "in-doubt", "summary")]}
    fake.parts[f"GET /v1/jobs/{DONE}/doubts"] = {"doubts_total": 2, "doubts": [
        {"order": "5445111252363737884", "row": 7, "ids": {"douyinId": "yan0", "uid": "76304453"}, "looked_up": ""},
        {"order": "3466652894873908167", "row": 9, "ids": {"douyinId": "yan1", "uid": "76304454"}, "looked_up": "applied"}]}
    fake.parts["GET /v1/find"] = {"id": "94", "orders": [
        {"job": DONE, "name": "june.csv", "service": "create", "row": 3, "ids": {"douyinId": "zhong70", "uid": "94"},
         "outcome": "accepted", "status": 0, "message": "ok", "order_id": "17872308245801546", "start_time": "2026-11-28 00:00:00",
         "end_time": "2027-06-30 23:59:59", "attempts": 1, "request": "20261127-2.1.1", "at": "2026-11-27T01:00:03.000Z",
         "looked_up": ""}]}
    fake.parts["POST /v1/checks"] = REPORT
    fake.parts["POST /v1/checks/u1/place"] = {"name": "orders.csv"}
    fake.parts["DELETE /v1/checks/u1"] = {}
    return fake


def is_drawn(browser, view):
    """The view has all that it asks for."""
    words = browser.text("main")
    return {"#/line": "4,321", "#/jobs": "big.csv", "#/find/94": "17872308245801546"}.get(view, "") in words and (
        not view.startswith("#/jobs/") or bool(browser.all("main .facts div")) and "20261127" in words)

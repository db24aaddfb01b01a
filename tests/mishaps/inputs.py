"""Wrong inputs."""

import json

from stage import order_files, wait_until

CREATE = order_files.create_orders
ONE = CREATE(1)


def both_headers(orders):
    return order_files.as_csv(orders), order_files.as_csv(orders, order_files.CHINESE)


def checked(orders):
    def mishap(stage):
        stage.open()
        stage.check(*both_headers(orders))
    return mishap


def content(english, chinese=None):
    def mishap(stage):
        stage.open()
        stage.check(english, chinese)
    return mishap


def without(field):
    orders = [{k: v for k, v in order.items() if k != field} for order in CREATE(2)]
    return checked(orders)


def two_encodings(stage):
    stage.open()
    files = []
    for text in both_headers(CREATE(3)):
        lines = text.encode().split(b"\r\n")
        lines[2] = lines[2].decode().encode("gb18030")
        files.append(b"\r\n".join(lines))
    stage.check(*files)


def overlap(stage):
    client = stage.open()
    stage.drop(ONE, "first")
    client.drain()
    stage.drop([ONE[0] | {"endMonthTime": "2098-11"}], "second")
    client.drain()
    stage.rows()


def empty_file(stage):
    client = stage.open()
    client.run_daemon()
    (client.root / "inbox/orders.csv").write_bytes(b"")
    wait_until(lambda: any("orders.csv" in words for words in client.status()["waiting"]), 60, "the empty file seen")
    stage.command("status")


def same_again(stage):
    client = stage.open()
    for name in ("monday.csv", "tuesday.csv"):
        client.drop(name, order_files.as_csv(CREATE(2)))
        client.drain()
    stage.reasons()


def results_again(stage):
    client = stage.open()
    stage.drop(CREATE(2))
    client.drain()
    stage.check(*(job.results_path.read_bytes() for job in client.finished()))


def dates(**more):
    return checked([order_files.create_order(n, **more) for n in range(2)])


INPUTS = {
    "a required column is missing": without("source"),
    "a line in another encoding than those before": two_encodings,
    "the order overlaps with an earlier one": overlap,
    "a totals row": lambda stage: (stage.open(), stage.check(
        order_files.as_csv(ONE) + "total (1 order),,,,,,\r\n", order_files.as_csv(ONE, order_files.CHINESE) + "合计：1 单,,,,,,\r\n")),
    "an empty file": empty_file,
    "a header and no row": content(order_files.as_csv(ONE).split("\r\n")[0] + "\r\n"),
    "a workbook": content(b"PK\x03\x04" + bytes(60)),
    "columns that nobody knows": content("a,b\n1,2\n", "甲,乙\n1,2\n"),
    "two columns for one field": content(
        order_files.as_csv(ONE, {"nickname": "UID"}), order_files.as_csv(ONE, order_files.CHINESE | {"nickname": "UID"})),
    "columns of both services": content(
        ",".join(order_files.CREATE_FIELDS + order_files.MODIFY_FIELDS) + "\n" + ",".join("1" * 13) + "\n"),
    "an id in scientific notation": checked([order_files.create_order(1, uid="7.63045E+10")]),
    "ids that a spreadsheet rounded": checked([order_files.create_order(n, uid=f"{n + 1}23456789012345000") for n in range(3)]),
    "a network that is unknown": checked([order_files.create_order(1, source="Vodafone")]),
    "a date as a serial number": dates(endMonthTime="45870"),
    "an end in the past": dates(endMonthTime="2019-01"),
    "a quote that never closes": content(
        order_files.as_csv(CREATE(3)).replace("yan0", '"yan0'),
        order_files.as_csv(CREATE(3), order_files.CHINESE).replace("yan0", '"yan0')),
    "a comma too many in JSON": content("[\n" + json.dumps(order_files.typed(ONE[0])) + ",\n]"),
    "a delimiter inside a value": content(
        order_files.as_csv(ONE).replace("主播0", "a,b"), order_files.as_csv(ONE, order_files.CHINESE).replace("主播0", "甲,乙")),
    "the same file again": same_again,
    "a results file dropped in": results_again,
}

"""Orders, and the files people write them in."""

import csv
import datetime
import io
import json

CREATE_FIELDS = ["douyinId", "uid", "nickname", "source", "province", "isRenew", "endMonthTime"]
MODIFY_FIELDS = ["orderId", "oldUid", "newUid", "newDouyinId", "newNickname", "executeTime"]
CHINESE = {
    "douyinId": "抖音号", "uid": "用户ID", "nickname": "昵称", "source": "运营商", "province": "省份",
    "isRenew": "是否续费", "endMonthTime": "结束月份", "orderId": "订单号", "oldUid": "原UID", "newUid": "新UID",
    "newDouyinId": "新抖音号", "newNickname": "新昵称", "executeTime": "执行时间",
}
_FIRST_UID = 76304453594
_ISPS = ["联通", "移动", "电信"]
_PROVINCES = ["粤", "京", "沪", "川", ""]


def api_today():
    """The API's calendar day: UTC+8."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)).date()


def create_order(number, **other):
    """The number-th of endlessly many good orders, each of another uid."""
    order = {
        "douyinId": f"yan{number}hi5380",
        "uid": str(_FIRST_UID + number),
        "nickname": f"主播{number}",
        "source": _ISPS[number % len(_ISPS)],
        "province": _PROVINCES[number % len(_PROVINCES)],
        "isRenew": "true" if number % 2 else "false",
        "endMonthTime": "2099-12",
    }
    order.update(other)
    return order


def create_orders(count, first=0):
    return [create_order(first + n) for n in range(count)]


def update_order(order_id, old_uid, number, **other):
    order = {
        "orderId": order_id,
        "oldUid": old_uid,
        "newUid": str(2 * _FIRST_UID + number),
        "newDouyinId": f"neu{number}",
        "newNickname": f"新{number}",
        "executeTime": (api_today() + datetime.timedelta(days=3)).isoformat(),
    }
    order.update(other)
    return order


def as_csv(orders, headers=None, delimiter=",", line_end="\r\n"):
    """CSV text. headers: field name to column name."""
    fields = list(orders[0])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow([(headers or {}).get(field, field) for field in fields])
    for order in orders:
        writer.writerow([order[field] for field in fields])
    return out.getvalue()


def typed(order):
    """As JSON would hold it: isRenew a boolean, and no empty members."""
    return {k: v == "true" if k == "isRenew" else v for k, v in order.items() if v != ""}


def as_json_lines(orders):
    return "".join(json.dumps(typed(order), ensure_ascii=False) + "\n" for order in orders)

"""What the account has bought and opened. Documented: the fields and the codes. Assumed: what is bought."""

from typing import Final

from pai_emulator.types import JsonObject

_BUY: Final = "https://common-buy.aliyun.com/?commodityCode="

PRODUCTS: Final[tuple[JsonObject, ...]] = tuple(
    {
        "ProductCode": code,
        "ProductId": product_id,
        "IsPurchased": purchased,
        "PurchaseUrl": _BUY + code.lower(),
    }
    for code, product_id, purchased in (
        ("PAI_share", "1001", True),
        ("PAI_isolate", "1002", False),
        ("DataWorks_isolate", "1003", False),
        ("MaxCompute_share", "1004", True),
        ("MaxCompute_isolate", "1005", False),
        ("DLC_share", "1006", True),
    )
)
"""What may be bought; whether the caller may buy it is added when it is asked for."""

SERVICES: Final[tuple[JsonObject, ...]] = tuple(
    {"ServiceCode": code, "IsOpen": is_open, "OpenUrl": f"https://common-buy.aliyun.com/?service={code}"}
    for code, is_open in (("oss", True), ("nas", True), ("cpfs", False))
)

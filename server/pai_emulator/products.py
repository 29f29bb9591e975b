"""ListProducts and ListProductAuthorizations.

Documented: the parameters and fields; those of ListProductAuthorizations, seen in the vendor's SDK. Assumed: that
without codes everything is listed, that unknown codes are left out, that `Verbose` adds `ProductId`, who may buy:
whoever may `pai:CreateOrder`, and that every service role is authorized.
"""

from typing import Final

from pai_emulator.call import Call
from pai_emulator.data.products import PRODUCTS, SERVICES
from pai_emulator.policy import ACCOUNT_ID, allows
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_PAI: Final = "PAI_share"
_AUTHORIZATION_URL: Final = "https://ram.console.aliyun.com/role/authorization"


def list_products(world: World, call: Call) -> JsonObject:
    """ListProducts."""
    not_bought = set[str]() if world.faults.is_activated(call.region_id) else {_PAI}
    query = Query(call)
    product_codes, service_codes = query.csv("ProductCodes"), query.csv("ServiceCodes")
    everything = not product_codes and not service_codes
    may_buy = allows(call.user, "pai:CreateOrder")
    hidden = set[str]() if query.flag("Verbose") else {"ProductId"}
    products = [
        {name: value for name, value in product.items() if name not in hidden}
        | {"HasPermissionToPurchase": may_buy}
        | ({"IsPurchased": False} if product["ProductCode"] in not_bought else {})
        for product in PRODUCTS
        if everything or product["ProductCode"] in product_codes
    ]
    services = [dict(service) for service in SERVICES if everything or service["ServiceCode"] in service_codes]
    return {"Products": products, "Services": services}


def list_product_authorizations(_world: World, call: Call) -> JsonObject:
    """ListProductAuthorizations."""
    details = [
        {
            "RamRoleName": name,
            "RamRoleARN": f"acs:ram::{ACCOUNT_ID}:role/{name}",
            "RamRoleType": "service",
            "IsAuthorized": True,
            "AuthorizationUrl": _AUTHORIZATION_URL,
        }
        for name in sorted(Query(call).csv("RamRoleNames"))
    ]
    return {"AuthorizationDetails": details, "AuthorizationUrl": _AUTHORIZATION_URL}

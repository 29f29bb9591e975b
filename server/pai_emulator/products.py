"""ListProducts.

Documented: the parameters and fields. Assumed: that without codes everything is listed, that unknown codes are left
out, that `Verbose` adds `ProductId`, and who may buy: whoever may `pai:CreateOrder`.
"""

from pai_emulator.call import Call
from pai_emulator.data.products import PRODUCTS, SERVICES
from pai_emulator.policy import allows
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World


def list_products(_world: World, call: Call) -> JsonObject:
    """ListProducts."""
    query = Query(call)
    product_codes, service_codes = query.csv("ProductCodes"), query.csv("ServiceCodes")
    everything = not product_codes and not service_codes
    may_buy = allows(call.user, "pai:CreateOrder")
    hidden = set[str]() if query.flag("Verbose") else {"ProductId"}
    products = [
        {name: value for name, value in product.items() if name not in hidden} | {"HasPermissionToPurchase": may_buy}
        for product in PRODUCTS
        if everything or product["ProductCode"] in product_codes
    ]
    services = [dict(service) for service in SERVICES if everything or service["ServiceCode"] in service_codes]
    return {"Products": products, "Services": services}

"""The ECS specs that DSW offers.

From the ECS documentation: vCPUs, memory, GPUs and GPU memory. From a third party (about 2024): the prices of the GPU
specs, which are ECS list prices per hour and not quotes of DSW. Documented: the type names V100, A100, A10, T4 and
P100, the label, that `ecs.hfc6.10xlarge` is available while it has no spot stock. Assumed: the prices marked so and
all prices of CPU specs, A30 and L20 as type names, system disk, bandwidth, and what is sold out where.
"""

from typing import Final, NamedTuple

from pai_emulator.data.regions import REGIONS
from pai_emulator.types import JsonObject


class _Spec(NamedTuple):
    """Memory and GPU memory (of all GPUs together) in GiB, price in CNY per hour in mainland China."""

    instance_type: str
    cpu: int
    memory: float
    price: float
    gpu_type: str = ""
    gpu: int = 0
    gpu_memory: float = 0


_SPECS: Final = (
    _Spec("ecs.gn5-c28g1.7xlarge", 28, 112, 22.8, "P100", 1, 16),
    _Spec("ecs.gn6i-c4g1.xlarge", 4, 15, 11.63, "T4", 1, 16),
    _Spec("ecs.gn6i-c8g1.2xlarge", 8, 31, 14.00, "T4", 1, 16),
    _Spec("ecs.gn6i-c16g1.4xlarge", 16, 62, 16.41, "T4", 1, 16),
    _Spec("ecs.gn6i-c24g1.6xlarge", 24, 93, 17.19, "T4", 1, 16),
    _Spec("ecs.gn6i-c40g1.10xlarge", 40, 155, 14.81, "T4", 1, 16),
    _Spec("ecs.gn6i-c24g1.12xlarge", 48, 186, 34.38, "T4", 2, 32),
    _Spec("ecs.gn6i-c24g1.24xlarge", 96, 372, 68.75, "T4", 4, 64),
    _Spec("ecs.gn6v-c8g1.2xlarge", 8, 32, 26.46, "V100", 1, 16),
    _Spec("ecs.gn6v-c8g1.4xlarge", 16, 64, 52.92, "V100", 2, 32),  # price assumed
    _Spec("ecs.gn6v-c8g1.8xlarge", 32, 128, 105.84, "V100", 4, 64),
    _Spec("ecs.gn6v-c8g1.16xlarge", 64, 256, 211.68, "V100", 8, 128),
    _Spec("ecs.gn6v-c10g1.20xlarge", 82, 336, 219.64, "V100", 8, 128),
    _Spec("ecs.gn6e-c12g1.3xlarge", 12, 92, 19.73, "V100", 1, 32),
    _Spec("ecs.gn6e-c12g1.6xlarge", 24, 184, 39.47, "V100", 2, 64),  # price assumed
    _Spec("ecs.gn6e-c12g1.12xlarge", 48, 368, 78.95, "V100", 4, 128),
    _Spec("ecs.gn6e-c12g1.24xlarge", 96, 736, 157.91, "V100", 8, 256),
    _Spec("ecs.ebmgn6v.24xlarge", 96, 384, 237.12, "V100", 8, 128),
    _Spec("ecs.gn7i-c8g1.2xlarge", 8, 30, 9.53, "A10", 1, 24),
    _Spec("ecs.gn7i-c16g1.4xlarge", 16, 60, 10.09, "A10", 1, 24),
    _Spec("ecs.gn7i-c32g1.8xlarge", 32, 188, 13.30, "A10", 1, 24),
    _Spec("ecs.gn7i-c48g1.12xlarge", 48, 310, 17.94, "A10", 1, 24),
    _Spec("ecs.gn7i-c56g1.14xlarge", 56, 346, 21.53, "A10", 1, 24),
    _Spec("ecs.gn7i-c32g1.16xlarge", 64, 376, 26.61, "A10", 2, 48),
    _Spec("ecs.gn7i-c32g1.32xlarge", 128, 752, 53.23, "A10", 4, 96),
    _Spec("ecs.gn7-c12g1.3xlarge", 12, 94, 31.5, "A100", 1, 40),
    _Spec("ecs.gn7-c13g1.13xlarge", 52, 378, 126.3, "A100", 4, 160),
    _Spec("ecs.gn7-c13g1.26xlarge", 104, 756, 252.6, "A100", 8, 320),
    _Spec("ecs.gn7e-c16g1.4xlarge", 16, 125, 34.7, "A100", 1, 80),
    _Spec("ecs.gn7e-c16g1.8xlarge", 32, 250, 69.4, "A100", 2, 160),  # price assumed
    _Spec("ecs.gn7e-c16g1.16xlarge", 64, 500, 138.9, "A100", 4, 320),
    _Spec("ecs.gn7e-c16g1.32xlarge", 128, 1000, 277.9, "A100", 8, 640),
    _Spec("ecs.ebmgn7e.32xlarge", 128, 1024, 277.9, "A100", 8, 640),
    _Spec("ecs.gn7s-c8g1.2xlarge", 8, 60, 12.5, "A30", 1, 24),  # price assumed
    _Spec("ecs.gn8is.2xlarge", 8, 64, 13.2, "L20", 1, 48),  # price assumed
    _Spec("ecs.gn8is.4xlarge", 16, 128, 16.8, "L20", 1, 48),  # price assumed
    _Spec("ecs.c6.large", 2, 4, 0.39),
    _Spec("ecs.c6.xlarge", 4, 8, 0.78),
    _Spec("ecs.g6.large", 2, 8, 0.50),
    _Spec("ecs.g6.xlarge", 4, 16, 1.00),
    _Spec("ecs.g6.2xlarge", 8, 32, 2.00),
    _Spec("ecs.g6.4xlarge", 16, 64, 4.00),
    _Spec("ecs.g7.xlarge", 4, 16, 1.05),
    _Spec("ecs.r6.large", 2, 16, 0.66),
    _Spec("ecs.c7.2xlarge", 8, 16, 1.70),
    _Spec("ecs.hfc6.10xlarge", 40, 96, 8.80),
)
"""In the order in which they came to DSW (assumed), which `SortBy=gmtCreate` sorts by."""

_SOLD_OUT_ANYWHERE: Final = frozenset({"ecs.gn5-c28g1.7xlarge", "ecs.ebmgn6v.24xlarge", "ecs.gn6v-c10g1.20xlarge"})
_SOLD_OUT_ELSEWHERE: Final = frozenset(
    {"ecs.gn7e-c16g1.16xlarge", "ecs.gn7e-c16g1.32xlarge", "ecs.ebmgn7e.32xlarge", "ecs.gn8is.2xlarge"}
)
_SOLD_OUT: Final = {
    "cn-hangzhou": frozenset({"ecs.gn7e-c16g1.32xlarge", "ecs.gn6v-c8g1.16xlarge", "ecs.gn7-c13g1.26xlarge"}),
    "cn-shanghai": frozenset({"ecs.gn7e-c16g1.4xlarge", "ecs.gn7e-c16g1.32xlarge", "ecs.gn7s-c8g1.2xlarge"}),
    "cn-beijing": frozenset({"ecs.gn6v-c8g1.2xlarge", "ecs.gn8is.4xlarge", "ecs.r6.large"}),
    "cn-wulanchabu": frozenset({"ecs.gn6i-c24g1.24xlarge"}),
}
_NO_SPOT_STOCK_ANYWHERE: Final = frozenset({"ecs.hfc6.10xlarge", "ecs.gn7-c12g1.3xlarge", "ecs.gn7i-c56g1.14xlarge"})
_NO_SPOT_STOCK_ELSEWHERE: Final = frozenset({"ecs.gn7i-c32g1.8xlarge", "ecs.gn6e-c12g1.3xlarge", "ecs.g6.4xlarge"})
_NO_SPOT_STOCK: Final = {
    "cn-hangzhou": frozenset({"ecs.gn6i-c8g1.2xlarge", "ecs.gn7e-c16g1.4xlarge", "ecs.c7.2xlarge"}),
    "cn-shanghai": frozenset({"ecs.gn7i-c8g1.2xlarge", "ecs.gn6v-c8g1.2xlarge", "ecs.g6.4xlarge"}),
}


def ecs_specs(region_id: str) -> dict[str, JsonObject]:
    """The specs of a region as ListEcsSpecs shows them, by instance type."""
    return {spec.instance_type: _row(spec, region_id) for spec in _SPECS}


def _row(spec: _Spec, region_id: str) -> JsonObject:
    sold_out = _SOLD_OUT_ANYWHERE | _SOLD_OUT.get(region_id, _SOLD_OUT_ELSEWHERE)
    no_spot = sold_out | _NO_SPOT_STOCK_ANYWHERE | _NO_SPOT_STOCK.get(region_id, _NO_SPOT_STOCK_ELSEWHERE)
    row: JsonObject = {
        "InstanceType": spec.instance_type,
        "AcceleratorType": "GPU" if spec.gpu else "CPU",
        "CPU": spec.cpu,
        "Memory": spec.memory,
        "GPU": spec.gpu,
        "Price": round(spec.price * REGIONS[region_id].price_factor, 2),
        "Currency": "CNY",
        "SystemDiskCapacity": 500,
        "InstanceBandwidthRx": 5_120_000 if spec.gpu else 1_024_000,
        "Labels": [{"Key": "SupportResourcePackDeduction", "Value": "true" if spec.gpu else "false"}],
        "IsAvailable": spec.instance_type not in sold_out,
        "SpotStockStatus": "NoStock" if spec.instance_type in no_spot else "WithStock",
    }
    if spec.gpu:
        row |= {"GPUType": spec.gpu_type, "GPUMemorySize": spec.gpu_memory}
    return row

"""What a new instance runs on: a public spec with its price, or a share of a resource quota."""

from dataclasses import dataclass

from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Load, Meaning, Parameter, Price, Sentence, scope_of
from pai_dsw_mcp.model.instance import AcceleratorType, NewInstance, Share, UserVpc
from pai_dsw_mcp.model.quota import amount_of_share
from pai_dsw_mcp.tools._advanced import check_spot
from pai_dsw_mcp.tools._checks import over_the_line, price_of, price_warnings
from pai_dsw_mcp.tools._meanings import meaning_of_spec
from pai_dsw_mcp.tools._quota_wish import check_quota, parameters_of_share, quota_terms
from pai_dsw_mcp.tools._specs import available_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """What runs the instance, and what that means.

    `figures` are warnings with numbers that change by themselves, so an approval outlives a change of them.
    """

    kind: AcceleratorType
    parameters: tuple[Parameter, ...]
    meanings: dict[str, Meaning]
    warnings: tuple[Sentence, ...]
    load: Load
    figures: tuple[Sentence, ...] = ()
    price: Price | None = None
    is_costly: bool = False
    user_vpc: UserVpc | None = None


async def compute_for(services: Services, region_id: str, new: NewInstance) -> Compute:
    """The compute of a new instance, as far as it can be had.

    Raises:
        RefusedError: The spec is sold out, or the quota cannot give this.
        CloudError: Spec or quota could not be read.
    """
    if new.requested_resource is not None:
        return await _on_quota(services, region_id, new, new.requested_resource)
    return await _on_spec(services, region_id, new)


async def _on_spec(services: Services, region_id: str, new: NewInstance) -> Compute:
    ecs_spec = new.ecs_spec or ""
    spec = await available_spec(services.cloud, region_id, ecs_spec)
    check_spot(new.spot_spec, spec)
    price = price_of(spec, new.spot_spec)
    return Compute(
        kind=spec.accelerator_type,
        parameters=(Parameter(name="EcsSpec", value=ecs_spec),),
        meanings={ecs_spec: meaning_of_spec(spec)},
        warnings=(
            *price_warnings(price, ecs_spec),
            Sentence(key="warn_charged_until_stopped"),
        ),
        load=spec.load,
        price=price,
        is_costly=over_the_line(services, spec),
        user_vpc=new.user_vpc,
    )


async def _on_quota(services: Services, region_id: str, new: NewInstance, share: Share) -> Compute:
    itself = scope_of(region_id, "instance", name=new.instance_name)
    terms = await quota_terms(services, region_id, new.resource_id or "", amount_of_share(share), itself)
    check_quota(terms)
    return Compute(
        kind="GPU" if terms.share.gpu else "CPU",
        parameters=parameters_of_share(new, share),
        meanings={terms.quota.quota_id: terms.meaning},
        warnings=terms.warnings(new.workspace_id),
        load=Load(gpus=terms.share.gpu, is_metered=False, quota_id=new.resource_id, share=terms.share),
        figures=terms.figures(),
        user_vpc=new.user_vpc or terms.quota.user_vpc,
    )

"""Who may do what."""

import pytest

from pai_emulator.call import Call, User
from pai_emulator.errors import ApiError
from pai_emulator.policy import allows, authorize, users_from_seed
from pai_emulator.types import Product

ADMIN, DEVELOPER, VIEWER = users_from_seed(0)


def user_with(*rights: str) -> User:
    return User("somebody", "1", "TEST", "secret", rights)


def denied(product: Product, action: str) -> tuple[int, str, str]:
    with pytest.raises(ApiError) as caught:
        authorize(action, Call(user_with(), "cn-hangzhou", product, "SomeOperation"))
    return caught.value.status, caught.value.code, caught.value.message


@pytest.mark.parametrize("right", ["paidsw:GetInstance", "PaiDSW:getinstance", "paidsw:Get*", "paidsw:*", "*"])
def test_a_right_covers_an_action_without_regard_to_case_and_by_prefix(right: str) -> None:
    assert allows(user_with(right), "paidsw:GetInstance")


@pytest.mark.parametrize("right", ["paidsw:GetInstances", "paidsw:Get", "pai:*", "paidsw:List*"])
def test_a_right_covers_no_other_action(right: str) -> None:
    assert not allows(user_with(right), "paidsw:GetInstance")


def test_an_operation_without_action_is_open_to_everybody() -> None:
    authorize(None, Call(user_with(), "cn-hangzhou", "pai-dsw", "ListEcsSpecs"))


def test_dsw_denies_with_403() -> None:
    assert denied("pai-dsw", "paidsw:SomeOperation") == (
        403,
        "NoPermissionError",
        "No permission SomeOperation for resource: acs:paidsw:cn-hangzhou:1500000000000001:workspace/*",
    )


@pytest.mark.parametrize(
    ("action", "permission"),
    [
        ("paidataset:ListDatasets", "PaiDataset:ListDatasets"),
        ("paiimage:ListImages", "PaiImage:ListImages"),
        ("other:Thing", "other:Thing"),
    ],
)
def test_aiworkspace_denies_with_404(action: str, permission: str) -> None:
    message = f"No permission: denied by RAM and AIWorkspace Rbac {permission}"
    assert denied("aiworkspace", action) == (404, "100700008", message)


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("paidsw:ListAllInstances", {"admin"}),
        ("paidsw:CreateInstance", {"admin", "developer"}),
        ("paidsw:StopInstance", {"admin", "developer"}),
        ("paidsw:DeleteInstance", {"admin"}),
        ("paidsw:GetInstance", {"admin", "developer", "viewer"}),
        ("paiworkspace:ListWorkspaces", {"admin", "developer", "viewer"}),
        ("paiworkspace:UpdateWorkspace", {"admin"}),
        ("pai:ListProducts", {"admin", "developer", "viewer"}),
    ],
)
def test_the_test_users_have_different_rights(action: str, who: set[str]) -> None:
    assert {user.name for user in (ADMIN, DEVELOPER, VIEWER) if allows(user, action)} == who


def test_keys_are_marked_as_test_keys_and_differ_by_seed_and_user() -> None:
    users = [*users_from_seed(0), *users_from_seed(1)]
    assert all(user.access_key_id.startswith("TEST") for user in users)
    assert len({user.access_key_id for user in users}) == len({user.access_key_secret for user in users}) == 6
    assert users_from_seed(0) == users_from_seed(0)

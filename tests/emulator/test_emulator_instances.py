"""CreateInstance and GetInstance: what is stored, what is shown and to whom."""

import base64

import pytest

from pai_emulator.policy import USER_IDS
from pai_emulator.types import JsonObject
from tests.emulator.service import CPU_SPEC, GPU_SPEC, PRODUCTION, RESEARCH, Service

URL = "registry.example.com/team/mine:v1"
ON_QUOTA: JsonObject = {
    "EcsSpec": None,
    "ResourceId": "quota40001",
    "RequestedResource": {"CPU": "4", "Memory": "8Gi", "SharedMemory": "4Gi", "GPU": "1", "GPUType": "A10"},
}


def dataset(service: Service, name: str) -> str:
    for workspace_id in (RESEARCH, PRODUCTION):
        rows = service.do("ListDatasets", query={"Name": name, "WorkspaceId": workspace_id})["Datasets"]
        if rows:
            return rows[0]["DatasetId"]
    raise KeyError(name)


def test_a_new_instance_shows_what_was_asked_for() -> None:
    service = Service()
    settings: JsonObject = {
        "Accessibility": "PUBLIC",
        "AccessRestrictionRules": {"rule": "deny"},
        "Affinity": {"CPU": {"Enable": True}},
        "CredentialConfig": {"Enable": True, "AliyunEnvRoleKey": "0"},
        "DockerConfig": {"Enable": True, "ContainersLimit": 3},
        "Driver": "535.54.03",
        "DynamicMount": {"Enable": True, "MountPoints": [{"RootPath": "/mnt/dynamic/", "Options": "{}"}]},
        "EnvironmentVariables": {"WHO": "me"},
        "Labels": [{"Key": "team", "Value": "nlp"}],
        "MigrationOptions": {"anything": [1]},
        "Priority": 3,
        "WorkspaceSource": "rootfsCloudDisk",
    }
    shown = service.get(service.create(**settings))
    assert {name: shown[name] for name in settings} == settings


def test_a_new_instance_shows_what_follows_from_it() -> None:
    service = Service()
    shown = service.get(service.create(user="developer", Tag=[{"Key": "cost", "Value": "7"}, {"Key": "bare"}]))
    assert shown["Status"] == "Creating"
    assert (shown["UserId"], shown["UserName"]) == (USER_IDS["developer"], "developer")
    assert (shown["WorkspaceName"], shown["AcceleratorType"]) == ("research", "CPU")
    assert (shown["PaymentType"], shown["ResourceName"]) == ("PayAsYouGo", CPU_SPEC)
    assert shown["GmtCreateTime"] == shown["GmtModifiedTime"] == "2026-01-05T08:00:00Z"
    assert shown["Tags"] == [{"TagKey": "cost", "TagValue": "7"}, {"TagKey": "bare", "TagValue": ""}]
    assert shown["AccumulatedRunningTimeInMs"] == 0


def test_addresses_are_shown_while_the_instance_runs() -> None:
    service = Service()
    instance_id = service.create(UserVpc={"VpcId": "vpc-1", "ForwardInfos": [{"Enable": True, "ForwardPort": "22"}]})
    starting = service.get(instance_id)
    assert starting.keys().isdisjoint({"InstanceUrl", "JupyterlabUrl", "WebIDEUrl", "TerminalUrl", "ServiceConfig"})
    assert starting["UserVpc"]["ForwardInfos"] == [{"Enable": True, "ForwardPort": "22"}]
    service.wait()
    running = service.get(instance_id)
    assert running["InstanceUrl"] == "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/"
    assert running["JupyterlabUrl"] == "https://dsw-gateway-cn-hangzhou.aliyun.com/dsw-30001/lab/"
    assert running["UserVpc"]["ForwardInfos"][0]["ConnectInfo"]["Phase"] == "Ready"
    assert running["PodIps"]
    assert running["UserVpc"]["Ip"]


def test_ids_have_the_documented_form_and_come_from_the_seed() -> None:
    ids = [[service.create("one"), service.create("two")] for service in (Service(), Service())]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2
    assert all(instance_id.startswith("dsw-") and instance_id[4:].isalnum() for instance_id in ids[0])


def test_unknown_fields_and_nulls_are_ignored() -> None:
    service = Service()
    body = {**service.notebook(), "Driver": None, "Wish": 1, "UserVpc": {"VpcId": "vpc-1", "Wish": 1}}
    shown = service.get(service.do("CreateInstance", body=body)["InstanceId"])
    assert shown.keys().isdisjoint({"Driver", "Wish"})
    assert shown["UserVpc"] == {"VpcId": "vpc-1", "ForwardInfos": []}


def test_the_password_of_a_private_image_is_hidden() -> None:
    service = Service()
    account = base64.b64encode(b"robot:hunter2").decode()
    shown = service.get(service.create(ImageUrl=URL, ImageAuth=account))
    assert base64.b64decode(shown["ImageAuth"]) == b"robot:******"
    assert "hunter2" not in str(service.world.snapshot())


def test_an_image_of_the_catalogue_is_shown_with_id_address_and_name() -> None:
    service = Service()
    image_id = service.image("CPU")
    image = service.do("GetImage", image_id)
    public = image["ImageUri"].replace("dsw-registry-vpc.", "dsw-registry.")
    for number, settings in enumerate(({"ImageId": image_id}, {"ImageUrl": image["ImageUri"]}, {"ImageUrl": public})):
        shown = service.get(service.create(f"notebook_{number}", **settings))
        assert (shown["ImageId"], shown["ImageUrl"]) == (image_id, image["ImageUri"])
        assert shown["ImageName"] == image["Name"]


def test_an_image_from_elsewhere_is_shown_with_its_address_alone() -> None:
    service = Service()
    shown = service.get(service.create(ImageUrl=URL))
    assert "ImageId" not in shown
    assert (shown["ImageUrl"], shown["ImageName"]) == (URL, "mine:v1")


def test_a_dataset_of_the_catalogue_completes_its_mount() -> None:
    service = Service()
    dataset_id = dataset(service, "street_pictures")
    shown = service.get(service.create(Datasets=[{"DatasetId": dataset_id}]))
    assert shown["Datasets"] == [
        {
            "DatasetId": dataset_id,
            "DatasetVersion": "v1",
            "Dynamic": False,
            "MountPath": "/mnt/data/street_pictures/",
            "MountAccess": "RO",
            "ActualMountAccess": "RO",
            "Uri": "nas://09f2c8.cn-hangzhou/pictures/",
        }
    ]


def test_a_read_only_dataset_is_not_mounted_for_writing() -> None:
    service = Service()
    mount = {"DatasetId": dataset(service, "street_pictures"), "MountAccess": "RW"}
    assert service.refusal("CreateInstance", body=service.notebook(Datasets=[mount])).code == "ValidationError"


def test_a_directory_is_mounted_by_its_uri() -> None:
    service = Service()
    mount = {"Uri": "oss://bucket/data/", "MountPath": "/mnt/data", "MountAccess": "RO", "OptionType": "ReadOnly"}
    shown = service.get(service.create(Datasets=[mount]))
    assert shown["Datasets"] == [{**mount, "Dynamic": False, "ActualMountAccess": "RO"}]


def test_disks_show_how_full_they_are() -> None:
    service = Service()
    free = service.get(service.create("free"))["CloudDisks"]
    assert [(disk["Capacity"], disk["SubType"]) for disk in free] == [("30Gi", "rootfs")]
    assert free[0]["Status"]["Capacity"] == free[0]["Status"]["Usage"] + free[0]["Status"]["Available"]
    gpu = service.create("gpu", EcsSpec=GPU_SPEC, ImageId=service.image("GPU"))
    assert service.get(gpu)["CloudDisks"][0]["Capacity"] == "100Gi"
    own = service.create("own", CloudDisks=[{"Capacity": "200Gi", "SubType": "rootfs"}, {"SubType": "rootfs"}])
    assert [disk["Status"]["Capacity"] for disk in service.get(own)["CloudDisks"]] == [200 * 2**30, 0]
    odd = service.create("odd", CloudDisks=[{"Capacity": "9" * 4301}, {"Capacity": "\u00b2Gi"}])
    assert [disk["Status"]["Capacity"] for disk in service.get(odd)["CloudDisks"]] == [999_999_999 * 2**30, 0]


def test_an_instance_on_a_quota_is_a_subscription() -> None:
    service = Service()
    shown = service.get(service.create(**ON_QUOTA, ImageId=service.image("GPU")))
    assert (shown["PaymentType"], shown["ResourceId"]) == ("Subscription", "quota40001")
    assert (shown["ResourceName"], shown["AcceleratorType"]) == ("research_quota", "GPU")
    assert shown["RequestedResource"] == ON_QUOTA["RequestedResource"]


def test_a_subscription_needs_a_right_of_its_own() -> None:
    service = Service()
    service.give_roles("developer", "PAI.LabelManager")
    body = service.notebook(**ON_QUOTA, ImageId=service.image("GPU"))
    refusal = service.refusal("CreateInstance", body=body, user="developer")
    assert (refusal.access_denied_detail or {})["AuthAction"] == "paidsw:CreatePrePaidInstance"
    instance_id = service.create(**ON_QUOTA, ImageId=service.image("GPU"), Accessibility="PUBLIC")
    service.wait()
    refusal = service.refusal("UpdateInstance", instance_id, body={"Priority": 2}, user="developer")
    assert (refusal.access_denied_detail or {})["AuthAction"] == "paidsw:UpdatePrePaidInstance"


def test_only_members_create_in_a_workspace() -> None:
    service = Service()
    service.world.region("cn-hangzhou").workspaces[PRODUCTION]["Members"].pop(USER_IDS["developer"])
    body = service.notebook(WorkspaceId=PRODUCTION)
    assert service.refusal("CreateInstance", body=body, user="developer").status == 403


def test_an_owner_other_than_the_caller_can_be_named() -> None:
    service = Service()
    shown = service.get(service.create(UserId=USER_IDS["viewer"]))
    assert (shown["UserId"], shown["UserName"]) == (USER_IDS["viewer"], "viewer")


def test_an_owner_that_a_lesser_role_names_is_ignored_without_a_word() -> None:
    service = Service()
    instance_id = service.create(user="developer", UserId=USER_IDS["viewer"])
    assert service.get(instance_id)["UserId"] == USER_IDS["developer"]
    service.wait()
    service.do("UpdateInstance", instance_id, user="developer", body={"UserId": USER_IDS["viewer"], "Priority": 2})
    assert service.get(instance_id)["UserId"] == USER_IDS["developer"]


@pytest.mark.parametrize("spot", [{"SpotStrategy": "Cheap"}, {"SpotPriceLimit": "much"}], ids=str)
def test_a_spot_strategy_and_its_limit_are_checked(spot: JsonObject) -> None:
    service = Service()
    assert service.refusal("CreateInstance", body=service.notebook(SpotSpec=spot)).code == "ValidationError"


def test_get_instance_can_be_limited_to_fields() -> None:
    service = Service()
    instance_id = service.create()
    query = {"Fields": "Status,InstanceName", "Token": "abc"}
    assert service.do("GetInstance", instance_id, query=query) == {"Status": "Creating", "InstanceName": "notebook"}


def test_what_get_and_list_show_differs_where_the_models_do() -> None:
    service = Service()
    settings: JsonObject = {
        "DockerConfig": {"Enable": True},
        "MigrationOptions": {"a": 1},
        "OversoldType": "AcceptQuotaOverSold",
        "UserCommand": {"OnStart": {"Content": "echo hello"}},
        "Datasets": [{"Uri": "oss://bucket/", "MountPath": "/mnt/data"}],
    }
    got = service.get(service.running(**settings))
    listed = service.do("ListInstances")["Instances"][0]
    only_got = {"DockerConfig", "MigrationOptions", "NodeErrorRecovery", "PodIps", "ProxyPath", "UserCommandId"}
    assert got.keys() - listed.keys() == only_got
    assert listed.keys() - got.keys() == {"OversoldInfo", "OversoldType"}
    assert "ActualMountAccess" not in listed["Datasets"][0]
    assert "Status" not in listed["CloudDisks"][0]
    assert "echo hello" not in str(got) + str(listed)


@pytest.mark.parametrize(("user", "seen"), [("admin", True), ("developer", True), ("viewer", False)])
def test_a_private_instance_is_for_its_owner_and_administrators(user: str, seen: bool) -> None:
    service = Service()
    instance_id = service.running(user="developer")
    assert (service.listed(user=user) == ["notebook"]) is seen
    if seen:
        assert service.get(instance_id, user=user)["InstanceName"] == "notebook"
    else:
        assert service.refusal("GetInstance", instance_id, user=user).status == 404


def test_the_private_instance_of_another_can_be_neither_stopped_nor_updated() -> None:
    service = Service()
    instance_id = service.running(user="admin")
    for operation in ("StopInstance", "StartInstance", "UpdateInstance"):
        assert service.refusal(operation, instance_id, user="developer").status == 404
    assert service.get(instance_id)["Status"] == "Running"


def test_a_public_instance_is_for_every_member_of_its_workspace() -> None:
    service = Service()
    instance_id = service.running(Accessibility="PUBLIC", WorkspaceId=PRODUCTION)
    service.do("StopInstance", instance_id, user="developer")
    assert service.refusal("GetInstance", instance_id, user="viewer").status == 404


@pytest.mark.parametrize("operation", ["GetInstance", "StartInstance", "StopInstance", "UpdateInstance"])
def test_an_unknown_instance_is_not_found(operation: str) -> None:
    service = Service()
    elsewhere = service.create()
    for instance_id, region_id in (("dsw-unheardof", "cn-hangzhou"), (elsewhere, "cn-shanghai")):
        refusal = service.refusal(operation, instance_id, region_id=region_id)
        assert (refusal.status, refusal.code) == (404, "InternalError")


def test_an_unknown_region_is_refused() -> None:
    assert Service().refusal("ListInstances", region_id="mars-1").code == "InvalidRegionId.NotFound"


def test_a_saved_environment_is_an_image_to_start_from() -> None:
    service = Service()
    instance_id = service.running(EcsSpec=GPU_SPEC, ImageId=service.image("GPU"))
    service.do("StopInstance", instance_id, query={"SaveImage": "True"})
    assert service.get(instance_id)["LatestSnapshot"]["Status"] == "Committing"
    service.wait()
    saved = service.get(instance_id)["LatestSnapshot"]
    assert saved["Status"] == "Saved"
    image = service.do("GetImage", saved["ImageId"], query={"Verbose": "True"})
    assert (image["Name"], image["SourceId"]) == (saved["ImageName"], instance_id)
    copy = service.running("copy", EcsSpec=GPU_SPEC, ImageId=saved["ImageId"])
    assert service.get(copy)["Status"] == "Running"

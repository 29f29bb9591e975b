"""Every field of the bodies that DSW takes, as the official SDK's request models have them."""

from typing import Final

from pai_emulator.shapes import Shape

_LABEL: Final[Shape] = {"Key": str, "Value": str}
_CREDENTIAL_CONFIG: Final[Shape] = {
    "AliyunEnvRoleKey": str,
    "Configs": [
        {
            "Key": str,
            "Roles": [
                {
                    "AssumeRoleFor": str,
                    "Policy": str,
                    "RoleArn": str,
                    "RoleType": str,
                    "UserInfo": {"AccessKeyId": str, "Id": str, "SecurityToken": str, "Type": str},
                }
            ],
            "Type": str,
        }
    ],
    "Enable": bool,
}
_DATASET: Final[Shape] = {
    "DatasetId": str,
    "DatasetVersion": str,
    "Dynamic": bool,
    "MountAccess": str,
    "MountPath": str,
    "OptionType": str,
    "Options": str,
    "Uri": str,
}
_FORWARD_INFO: Final[Shape] = {
    "AccessType": [str],
    "ContainerName": str,
    "EipAllocationId": str,
    "Enable": bool,
    "ExternalPort": str,
    "ForwardPort": str,
    "Name": str,
    "NatGatewayId": str,
    "NlbGatewayId": str,
    "SSHPublicKey": str,
}
_USER_VPC: Final[Shape] = {
    "BandwidthLimit": {"EgressRate": str, "EgressWhitelists": [str], "IngressRate": str, "IngressWhitelists": [str]},
    "DefaultRoute": str,
    "ExtendedCIDRs": [str],
    "ForwardInfos": [_FORWARD_INFO],
    "SecurityGroupId": str,
    "VSwitchId": str,
    "VpcId": str,
}
_COMMON: Final[dict[str, Shape]] = {
    "Accessibility": str,
    "Affinity": {"CPU": {"Enable": bool}},
    "AssignNodeSpec": {"AntiAffinityNodeNames": str, "NodeNames": str},
    "CredentialConfig": _CREDENTIAL_CONFIG,
    "Datasets": [_DATASET],
    "Driver": str,
    "DynamicMount": {"Enable": bool, "MountPoints": [{"Options": str, "RootPath": str}]},
    "EcsSpec": str,
    "EnvironmentVariables": dict,
    "ImageAuth": str,
    "ImageId": str,
    "ImageUrl": str,
    "InstanceName": str,
    "MigrationOptions": dict,
    "OversoldType": str,
    "Priority": int,
    "RequestedResource": {"CPU": str, "GPU": str, "GPUType": str, "Memory": str, "SharedMemory": str},
    "SpotSpec": {"SpotDiscountLimit": str, "SpotDuration": str, "SpotPriceLimit": str, "SpotStrategy": str},
    "UserCommand": {"OnStart": {"Content": str}},
    "UserId": str,
    "UserVpc": _USER_VPC,
    "WorkspaceSource": str,
}

CREATE_INSTANCE: Final[dict[str, Shape]] = {
    **_COMMON,
    "AccessRestrictionRules": dict,
    "CloudDisks": [
        {
            "Capacity": str,
            "MountPath": str,
            "Path": str,
            "Status": {"Available": int, "Capacity": int, "Usage": int},
            "SubType": str,
        }
    ],
    "DockerConfig": {"ContainersLimit": int, "Enable": bool, "MountAccessConfigPath": str},
    "Labels": [_LABEL],
    "ResourceId": str,
    "Tag": [_LABEL],
    "WorkspaceId": str,
}

DISASSOCIATIONS: Final = {
    "DisassociateAssignNode": "AssignNodeSpec",
    "DisassociateCredential": "CredentialConfig",
    "DisassociateDatasets": "Datasets",
    "DisassociateDriver": "Driver",
    "DisassociateEnvironmentVariables": "EnvironmentVariables",
    "DisassociateForwardInfos": "ForwardInfos",
    "DisassociateMigrationOptions": "MigrationOptions",
    "DisassociateSpot": "SpotSpec",
    "DisassociateUserCommand": "UserCommand",
    "DisassociateVpc": "UserVpc",
}
"""The flags of UpdateInstance and the setting that each removes; `ForwardInfos` is part of `UserVpc`."""

UPDATE_INSTANCE: Final[dict[str, Shape]] = {
    **_COMMON,
    "CloudDisks": [{"Capacity": str, "SubType": str}],
    "StartInstance": bool,
    **dict.fromkeys(DISASSOCIATIONS, bool),
}

CREATE_INSTANCE_SNAPSHOT: Final[dict[str, Shape]] = {
    "ExcludePaths": [str],
    "ImageUrl": str,
    "Labels": [_LABEL],
    "Overwrite": bool,
    "SnapshotDescription": str,
    "SnapshotName": str,
}

UPDATE_INSTANCE_LABELS: Final[dict[str, Shape]] = {"Labels": [_LABEL]}

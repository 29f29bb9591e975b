"""Why a plan is not carried out, and why there is nothing to do."""

from typing import Final

TEXTS: Final = {
    "image_choice": "Give either image_id or image_url, not both and not neither.",
    "image_choice_update": "Give image_id or image_url, not both.",
    "dataset_choice": "Each dataset has either dataset_id or uri, not both and not neither.",
    "vpc_incomplete": "v_switch_id and security_group_id go with vpc_id.",
    "label_reserved": "The key is reserved, or key or value holds a URL.",
    "datasets_or_none": "datasets names the mounts to have, remove_all_datasets takes all away; give one of them.",
    "nothing_asked": (
        "Name at least one value that should change. An empty datasets list changes nothing; remove_all_datasets takes"
        " all mounts away."
    ),
    "workspace_not_enabled": "Workspace `{workspace_id}` is {status}; only an ENABLED one can be used.",
    "spec_unknown": "`{ecs_spec}` is offered in {region_id} neither as CPU nor as GPU. list_ecs_specs shows what is.",
    "spec_sold_out": (
        "`{ecs_spec}` is not available for pay-as-you-go in {region_id} now (IsAvailable is false). {nearest}"
        " list_ecs_specs shows what else there is."
    ),
    "chip_mismatch": (
        "Image {image} is made for {image_chip}, spec `{ecs_spec}` is a {spec_chip} spec: the instance would fail to"
        " start. Choose an image and a spec of the same type."
    ),
    "image_not_usable": "Image {image} is not labelled for DSW (system.supported.dsw is false).",
    "dataset_read_only": (
        "Dataset `{dataset_id}` is read-only and cannot be mounted read-write (mount_access RW); list_datasets shows"
        " which are. Mount it with RO, or ask for another one."
    ),
    "name_taken": (
        "`{instance_name}` is already the name of {instance_id} (workspace {workspace_id}, {status}, owner {owner}),"
        " which differs in {differences}. A second instance of that name is never created."
    ),
    "name_taken_by_somebody": (
        "The name `{instance_name}` is taken: {instance_id} (workspace {workspace_id}, {status}) has it, and that belongs"
        " to somebody else ({owner}). Differences from what was asked for: {differences}. A second instance of that name"
        " is never created."
    ),
    "name_taken_by_other": "`{instance_name}` is already the name of {instance_id}.",
    "already_exists": (
        "Nothing to do: `{instance_name}` already exists as {instance_id} with everything that was asked for ({status},"
        " owner {owner}). Nothing was created."
    ),
    "already_exists_with_more": "It also has what was not asked for: {more}. Tell the person.",
    "already_exists_of_somebody": (
        "Nothing to do: `{instance_name}` already exists as {instance_id} with everything that was asked for ({status})."
        " Its owner is {owner}; whether that is the person you work for is not known here, so ask them before it is used."
        " Nothing was created."
    ),
    "update_equal": "Nothing to do: {instance_id} already has every value that was asked for ({status}).",
    "update_equal_start": (
        "Nothing to update: {instance_id} already has every value that was asked for ({status}). To start it, call"
        " start_instance."
    ),
    "update_needs_stop": (
        "Changing {fields} needs a stopped instance, and {instance_id} is {status}. Call stop_instance first (save the"
        " work before), then update_instance with start_after=true. That it must be stopped is assumed: the API's"
        " documentation does not say which fields need it."
    ),
    "state_in_between": "{instance_id} is {status}, between two states; it can be changed once it is Running or Stopped.",
    "start_already": "Nothing to do: {instance_id} is {status} already.",
    "start_wrong_state": "{instance_id} is {status}; only a Stopped or Failed instance can be started.",
    "stop_already": "Nothing to do: {instance_id} is {status} already.",
    "stop_all_already": "Nothing to do: none of them is running: {instances}.",
    "stop_wrong_state": "{instance_id} is {status}; it cannot be stopped from there.",
    "done_create_instance": (
        "Created {instance_id} (`{instance_name}`); its status is Creating. Starting up usually takes 2-5 minutes."
        " Tell the person now; call get_instance, or wait_for_instance if they want to wait."
    ),
    "done_update_instance": "Update of {instance_id} accepted; the status is Updating for a moment. get_instance shows the new values.",
    "done_update_instance_and_start": (
        "Update of {instance_id} accepted, and it starts: that usually takes 2-5 minutes, and it is charged from now on."
        " Call get_instance, or wait_for_instance if the person wants to wait."
    ),
    "done_start_instance": (
        "Start of {instance_id} accepted; it usually takes 2-5 minutes and is charged from now on. Call get_instance,"
        " or wait_for_instance if the person wants to wait."
    ),
    "done_stop_instances": (
        "Told of each below. A stop is accepted first; compute is charged until the instance is Stopped, as get_instance"
        " says."
    ),
    "done_stop_instance": (
        "Stop of {instance_id} accepted; compute is charged until it is Stopped. It has ended when get_instance, or"
        " wait_for_instance until Stopped, says so. Its disk stays, and an enlarged disk stays charged."
    ),
}

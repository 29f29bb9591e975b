"""Why a plan is not carried out, and why there is nothing to do."""

from typing import Final

from pai_dsw_mcp.texts.text import Text

TEXTS: Final = {
    "image_choice": "Give either image_id or image_url, not both and not neither.",
    "image_choice_update": "Give image_id or image_url, not both.",
    "dataset_choice": "Each dataset has either dataset_id or uri, not both and not neither.",
    "vpc_incomplete": "v_switch_id, security_group_id, extended_cidrs and default_route go with vpc_id.",
    "label_reserved": (
        "keys that begin with aliyun or acs: are reserved by the service, and {ours} by this server, so they are neither"
        " set nor removed here; choose another key, or leave it out"
    ),
    "label_holds_url": "the service takes no URL (://) in a key or value; write it without the part up to ://",
    "mount_path_taken": "Two datasets are mounted at `{mount_path}`; each needs a path of its own. Ask the person for another.",
    "datasets_or_none": "datasets names the mounts to have, remove_all_datasets takes all away; give one of them.",
    "nothing_asked": (
        "Name at least one value that should change. An empty datasets list changes nothing; remove_all_datasets takes"
        " all mounts away."
    ),
    "workspace_not_enabled": "Workspace `{workspace_id}` is {status}; only an ENABLED one can be used.",
    "over_limit": (
        "The operator's limit is {limit}, and this would make it {total}: {now} now, {sent} sent through this server and"
        " not seen yet, {adds} by this change.{spot} {counted}"
    ),
    "over_daily_budget": (
        "The operator's limit is {limit}, and this day would come to {total}: at most {spent} since midnight, {until} for"
        " what runs until its auto-stop or midnight, {sent} sent through this server and not seen yet, {adds} by this"
        " change.{spot} {counted}"
    ),
    "budget_unknown": (
        "The operator's limit {limit} cannot be kept, because {missing} of {instance} is not known, so nothing is added"
        " to what runs. {counted}"
    ),
    "budget_other_currency": (
        "The operator's limit is {limit}, and the price of {instance} is in {currency}. Amounts in different currencies"
        " are not added up. {counted}"
    ),
    "budget_spot": "Of spot, the price of pay-as-you-go counts, not its limit.",
    "budget_counted": "Counted is what these credentials can see in every workspace of {regions}.",
    "spec_unknown": "`{ecs_spec}` is offered in {region_id} neither as CPU nor as GPU. list_ecs_specs shows what is.",
    "spec_sold_out": (
        "`{ecs_spec}` is not available for pay-as-you-go in {region_id} now (IsAvailable is false). {nearest}"
        " list_ecs_specs shows what else there is."
    ),
    "chip_mismatch": (
        "Image {image} {image_says}, and `{ecs_spec}` is a {spec_chip} spec: the instance would fail to start. Choose an"
        " image and a spec of the same type."
    ),
    "image_not_usable": "Image {image} is not labelled for DSW (system.supported.dsw is false).",
    "dataset_read_only": (
        "Dataset `{dataset_id}` is read-only and cannot be mounted read-write (mount_access RW); list_datasets shows"
        " which are. Mount it with RO, or ask for another one."
    ),
    "name_taken": (
        "`{instance_name}` is already the name of {instance_id} (workspace {workspace_id}, {status}, owner"
        " {owner}).{differences} A second instance of that name is never created."
    ),
    "name_taken_by_somebody": (
        "The name `{instance_name}` is taken: {instance_id} (workspace {workspace_id}, {status}) has it, and that belongs"
        " to somebody else ({owner}).{differences} A second instance of that name is never created."
    ),
    "differs_in": "It differs in {fields}.",
    "not_comparable": "Whether it has the same {fields} cannot be told: the service does not show it.",
    "spot_known_from_here": "Spot is known from what was approved here.",
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
    "state_in_between": (
        "{instance_id} is {status}, between two states; it can be changed once it is Running or Stopped, which"
        " wait_for_instance tells."
    ),
    "start_already": "Nothing to do: {instance_id} is {status} already.",
    "start_wrong_state": (
        "{instance_id} is {status}; only a Stopped or Failed instance can be started. Where it is on its way there,"
        " wait_for_instance until Stopped tells when."
    ),
    "stop_already": "Nothing to do: {instance_id} is {status} already.",
    "stop_all_already": "Nothing to do: none of them is running, or it is stopping already: {instances}.",
    "stop_wrong_state": "{instance_id} is {status}; it cannot be stopped from there.",
    "auto_stop_choice": "Name at least one of idle_minutes, stop_at and stop_after_minutes.",
    "auto_stop_two_times": "Give stop_at or stop_after_minutes, not both: an instance has one timer.",
    "auto_stop_thresholds": "cpu_percent and gpu_percent go with idle_minutes.",
    "auto_stop_no_gpu": "gpu_percent is for instances with a GPU, and {instance_name} has none.",
    "stop_at_unreadable": "stop_at is not a time in ISO 8601, such as 2026-01-31T18:00+08:00.",
    "stop_at_without_zone": (
        "stop_at has no UTC offset, so it may mean another hour than the person thinks. Give it with the offset that"
        " holds where they are on that day, such as 2026-01-31T18:00+08:00; if you do not know their time zone, ask them."
    ),
    "stop_at_past": "stop_at has passed, or is years ahead: it is {now} now. To stop it at once, call stop_instance.",
    "write_given_up": (
        "This server stood still for so long that the change counts as lost; the rest of it was not sent."
    ),
    "stop_at_soon": (
        "stop_at is less than 10 minutes ahead: it is {now} now. Give a later time; to stop it sooner, call"
        " stop_instance."
    ),
    "stop_at_over": (
        "The time of stop_at is over, or less than a minute away: it is {now} now. Ask the person for a later one; to"
        " stop it now, call stop_instance."
    ),
    "auto_stop_is_left": (
        "Its automatic stop is not as asked for, and this call did not set it: call set_auto_stop for {instance_id} with"
        " the same values."
    ),
    "auto_stop_equal": "Nothing to do: {instance_id} stops itself in this way already ({status}).",
    "auto_stop_none": "Nothing to do: {instance_id} has no such rule ({status}).",
    "done_set_auto_stop": (
        "The service took the rules: {instance_id} (`{instance_name}`) stops itself as approved. get_instance shows them"
        " as auto_stop. Tell the person when it stops, in their time zone, and that unsaved work is lost then."
    ),
    "done_clear_auto_stop": (
        "The rules are gone: whenever {instance_id} (`{instance_name}`) runs, it goes on until somebody, or a rule that is"
        " left, stops it. get_instance shows what is left as auto_stop."
    ),
    "stop_already_unsaved": (
        "{instance_id} is {status} already, so no image is saved now: that needs a Running instance. list_snapshots, or"
        " list_images with official=false, shows what was saved before."
    ),
    "stop_while_saving": (
        "{instance_id} is {status}: its environment is being saved, and it cannot be stopped meanwhile. If the stop"
        " was asked for with save_image, it stops by itself; otherwise call again once it is Running, which"
        " wait_for_instance tells."
    ),
    "stop_cannot_save": (
        "{instance_id} is {status}; an image can only be saved of a Running instance (assumed). Wait until it runs, with"
        " wait_for_instance, or stop it without save_image."
    ),
    "stop_cannot_save_again": (
        "{instance_id} is SaveFailed and does not become Running by itself; a stop saves an image of a Running instance"
        " only (assumed). create_snapshot, where it is offered (toolset monitoring), saves it from this status: mend with"
        " the person why it failed, which list_snapshots tells, save it, then stop it without save_image. Or stop it"
        " without save_image now: what is not saved is lost."
    ),
    "snapshot_exists": (
        "Nothing to do: the environment of {instance_id} was saved before, under this name and to this address. To save"
        " what is there now, choose another name and another tag."
    ),
    "snapshot_stands": "{snapshot_id} is {status}; once it is Saved, create_instance takes image_id {image_id}.",
    # A person reads these too, in verify-cloud.
    "snapshot_taken": Text(
        "{snapshot_id} of {instance_id} has this name or this address already, and is not the same: name"
        " `{snapshot_name}`, address {image_url}. Nothing is overwritten; choose another name and another tag.",
        "{instance_id} 的 {snapshot_id} 已使用此名称或此地址，且与本次不同：名称 `{snapshot_name}`，地址 {image_url}。"
        "不会覆盖已有内容；请换一个名称和标签。",
    ),
    "snapshot_image_taken": Text(
        "There is an image at {image_url} already, and nothing is overwritten; choose another tag.",
        "{image_url} 已有镜像，不会覆盖；请换一个标签。",
    ),
    "snapshot_wrong_state": Text(
        "{instance_id} is {status}; only a Running instance can be saved as an image (assumed), and only one image at a"
        " time.",
        "{instance_id} 的状态是 {status}；只有 Running 的实例才能保存为镜像（推测），且一次只能保存一个。",
    ),
    "labels_equal": "Nothing to do: the labels of {instance_id} are as they were asked for ({status}).",
    "labels_absent": "Nothing to do for {instance_id} ({status}), and nothing was sent.",
    "label_twice": "`{label}` is named more than once; give it one value, or remove it.",
    "label_key_comma": "a key with a comma cannot be removed here, because the API separates keys by commas",
    "nothing_asked_labels": "Name at least one label to set or one key to remove.",
    "done_create_snapshot": (
        "Saving {instance_id} (`{instance_name}`) has begun; it is Saving for some minutes and Running again afterwards."
        " list_snapshots tells when it is Saved, or why it Failed, and the image_id to give to create_instance. Until"
        " then there is no image."
    ),
    "done_update_labels": "The labels of {instance_id} are changed; get_instance with detail full shows them.",
    "done_stop_instance_and_save": (
        "{instance_id} is saved as an image first, and then it stops: Saving, then Stopped; until then it keeps its"
        " compute, and what that costs. After SaveFailed it has not stopped. Call wait_for_instance until Stopped, or"
        " get_instance. The service names the image: list_snapshots tells its name and address now, and its image_id to"
        " give to create_instance once it is Saved; so does list_images with official=false then."
        " Which image this instance itself starts from next is not documented."
    ),
    "workspace_exists": (
        "Nothing to do: workspace `{workspace_name}` already exists as {workspace_id} with everything that was asked for"
        " ({status}, owner {owner}). Nothing was created."
    ),
    "workspace_name_taken": (
        "`{workspace_name}` is already the name of workspace {workspace_id} ({status}, owner {owner}), which differs in"
        " {differences}. A region has no two workspaces of one name."
    ),
    "workspace_name_unseen": (
        "A workspace in {region_id} is already called `{workspace_name}`, and these credentials cannot see it, or no list"
        " shows it yet: one of its administrators can add the person as a member. A region has no two workspaces of one"
        " name."
    ),
    "pai_to_be_activated": (
        "PAI is not activated in {region_id}, so there can be no workspace. The person activates it in the console"
        " ({url}); nothing here can buy it."
    ),
    "done_create_workspace": (
        "Created workspace {workspace_id} (`{instance_name}`). Next: add_member, update_workspace_settings."
    ),
    "done_later_create_workspace": (
        "Created after all, by the request whose outcome was unknown: workspace {workspace_id} (`{instance_name}`). There"
        " is no second one. Next: add_member, update_workspace_settings."
    ),
    "workspace_equal": "Nothing to do: workspace `{name}` already has every value that was asked for.",
    "setting_form_unknown": (
        "`{setting}` has no value yet in this workspace, and no document tells its form: an administrator sets it in the"
        " console once, and then it can be changed here."
    ),
    "nothing_to_set": "Name at least one value that should change.",
    "member_unknown": "Workspace {workspace_id} has no member `{name}`. list_members shows who is in it.",
    "member_similar": "No member of workspace {workspace_id} is called exactly `{name}`. A similar name has {members}.",
    "member_ambiguous": "{count} people are called `{name}`: this cannot be told apart here, the console can.",
    "user_unknown": (
        "Nobody of the account who could be added is called `{name}`: RAM users and roles are looked up by their whole"
        " name, not by the display name. An administrator of the account makes RAM users."
    ),
    "member_exists": "`{name}` is a member already, with {roles}. set_member_roles changes the roles.",
    "member_equal": "Nothing to do: `{name}` is a member with exactly these roles: {roles}.",
    "member_absent": "Nothing to do: workspace {workspace_id} has no member `{name}`.",
    "role_unknown": "`{role}` is no role of workspace {workspace_id}. list_roles shows those that there are.",
    "owner_is_who_asks": "On this server a new instance belongs to the person who asks for it (--owner-claim); leave user_id out.",
    "role_of_owner": "PAI.WorkspaceOwner can be neither given nor taken away.",
    "owner_stays": "`{name}` owns the workspace and cannot be removed.",
    "done_update_workspace": "The service took the update of workspace `{instance_name}`.",
    "done_update_workspace_settings": "The service took the settings of workspace `{instance_name}`.",
    "done_add_member": "The service took it: `{instance_name}` is added.",
    "done_set_member_roles": "The service took the roles of `{instance_name}`.",
    "done_remove_member": "The service took it: `{instance_name}` is removed.",
    "read_back_so": "Read back: {what}.",
    "read_back_not_so": "NOT AS APPROVED, although the service said yes. Read back: {what}. Tell the person.",
    "read_back_failed": "It could not be read back: {why}",
    "done_create_instance": (
        "Created {instance_id} (`{instance_name}`); its status is Creating. Starting up usually takes 2-5 minutes."
        " Tell the person now; call get_instance, or wait_for_instance if they want to wait."
    ),
    "done_create_instance_on_quota": (
        "Created {instance_id} (`{instance_name}`); its status is Creating. {queue} Starting up then usually"
        " takes 2-5 minutes. Tell the person now; get_instance tells its place in the queue, or wait_for_instance if they"
        " want to wait."
    ),
    "done_later_create_instance": (
        "Created after all, by the request whose outcome was unknown: {instance_id} (`{instance_name}`); its status is"
        " {status}. There is no second one. Tell the person now; call get_instance, or wait_for_instance if they want to"
        " wait."
    ),
    "done_later_start_instance": (
        "Started after all, by the request whose outcome was unknown: {instance_id} is {status}. Nothing was sent again"
        " for it. Tell the person now; call get_instance, or wait_for_instance if they want to wait."
    ),
    "done_update_instance": "Update of {instance_id} accepted; the status is Updating for a moment. get_instance shows the new values.",
    "done_update_instance_and_start": (
        "Update of {instance_id} accepted, and it starts: that usually takes 2-5 minutes, and it is charged from now on."
        " Call get_instance, or wait_for_instance if the person wants to wait."
    ),
    "done_update_instance_and_start_on_quota": (
        "Update of {instance_id} accepted, and it starts. {queue} Starting then usually takes 2-5 minutes."
        " get_instance tells its place in the queue."
    ),
    "done_start_instance_on_quota": (
        "Start of {instance_id} accepted. {queue} Starting then usually takes 2-5 minutes. get_instance tells its"
        " place in the queue, or wait_for_instance if the person wants to wait."
    ),
    "done_start_instance": (
        "Start of {instance_id} accepted; it usually takes 2-5 minutes and is charged from now on. Call get_instance,"
        " or wait_for_instance if the person wants to wait."
    ),
    "done_stop_instances": (
        "Told of each below. A stop is accepted first: until it is Stopped, as get_instance says, an instance keeps its"
        " compute, and what that costs; after that, compute costs nothing."
    ),
    "done_stop_instance": (
        "Stop of {instance_id} accepted. While it is stopping it keeps its compute, and what that costs; after that,"
        " compute costs nothing. It has ended when get_instance, or wait_for_instance until Stopped, says so. Its disk"
        " stays, and an enlarged disk stays charged."
    ),
}

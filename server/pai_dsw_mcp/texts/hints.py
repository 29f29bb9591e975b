"""The hint table: what to do next, one sentence per kind of error (`errors.ErrorKind`).

`next_<key>` says it for one error alone, where the sentence of its kind and that on retries would be wrong.
"""

from typing import Final

TEXTS: Final = {
    "retry_may_help": "The same request may succeed later.",
    "retry_will_not_help": "Repeating it unchanged will not help.",
    "retry_once_changed": "The same call may succeed once the status is another.",
    "nothing_was_sent": "Nothing was sent.",
    "read_on": "More: {uri}",
    "hint_input": "Correct the argument that is named here; ask the person for a value rather than inventing one.",
    "hint_refused": "Tell the person, and ask how to go on.",
    "hint_read_only": "This server was started with --read-only; the person who runs it can restart it without.",
    "hint_over_budget": (
        "Tell the person the numbers. Stopping an instance makes room; a limit can be changed only by who starts this"
        " server, never in this conversation."
    ),
    "hint_name_taken": "Ask the person for another name, or whether to change what has it (a workspace: update_workspace).",
    "hint_wrong_state": "get_instance tells the status at any time.",
    "hint_credentials_missing": (
        "The person sets up credentials outside this conversation and restarts the server: `aliyun configure` in a"
        " terminal, or the variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET where the server is"
        " started. To try it without an account, they start it with --emulator. Never ask for an AccessKey here."
    ),
    "hint_credentials_invalid": "The credentials on this machine are refused by the service; the person renews them outside this conversation.",
    "hint_credentials_expired": "The temporary credentials ended; the person signs in again outside this conversation.",
    "hint_identity_changed": "The credentials on this machine now belong to somebody else; restart the server to use them.",
    "hint_permission_denied": (
        "An administrator grants the RAM action that is named here, or a workspace role that carries it"
        " (skill://pai-dsw-mcp/references/ram-policies.md). Wait until the person says that it is granted."
    ),
    "remedy_role_or_policy": (
        "Two ways to mend it, either may be enough: an administrator of the workspace gives a role that carries it"
        " ({roles}), or an administrator of the account attaches the RAM policy {policy}. If that is there already, its"
        " condition on the source address (acs:SourceIp) may leave this machine out. Wait until the person says that it"
        " is granted, then call again."
    ),
    "remedy_policy": (
        "No workspace role carries it: an administrator of the account attaches the RAM policy {policy}. If that is there"
        " already, its condition on the source address (acs:SourceIp) may leave this machine out. Wait until the person"
        " says that it is granted, then call again."
    ),
    "remedy_explicit": (
        "An administrator of the account takes {action} out of the statement with Deny, or out of its condition, such as"
        " one on the source address (acs:SourceIp); to grant more will hardly help while it stands. Wait until the person"
        " says that it is done, then call again."
    ),
    "remedy_not_found": "Check the id and the region; {tool} shows what there is.",
    "remedy_other_workspace": (
        "An instance cannot be moved to another workspace: ask the person whether they mean workspace {workspace_id}, or"
        " for another name."
    ),
    "hint_not_found": "Check the id and the region; the list of its kind, such as list_instances or list_workspaces, shows what there is.",
    "hint_invalid_parameter": "The service refused a parameter; correct it, or ask the person.",
    "hint_throttled": "The service is limiting requests; wait before the next call.",
    "hint_service_failed": "The fault is on the service's side.",
    "hint_timeout": "Check the connection; --read-timeout allows more seconds.",
    "hint_unreachable": "Check the network, the proxy and the region.",
    "hint_connection_lost": "Check the connection.",
    "hint_reply_invalid": "Nothing was concluded from it. If it stays so, the API may have changed: report it with the RequestId.",
    "hint_reply_too_large": "Narrow the request with filters.",
    "hint_redirected": "Redirects are never followed, because credentials would go along. Check the proxy of this network.",
    "hint_list_unverified": "Without a complete list nobody can tell what is there, or whether a name is free. Nothing was changed.",
    "hint_endpoint_refused": "Requests only go to the official endpoints of the listed regions.",
    "hint_machine": "The person frees what is short there, such as disk space or open files (EMFILE), or restarts the server.",
    "next_arguments_unknown": "Leave out what is named here, or call it as the schema does.",
    "next_environment_unknown": "Leave it out, or wait until the person says that it is there.",
    "next_name_taken": (
        "Ask the person for another name, or whether to change that instance: update_instance, or update_labels for"
        " labels where that tool is loaded. Repeating it unchanged will not help."
    ),
    "next_member_similar": "Ask the person whether that is who they mean; then call with that name, not with the display name.",
    "next_snapshot_taken": "Ask the person for another name and another tag.",
    "next_rate_reads": "Wait that long, then call again; one call that lists much counts like one that lists little.",
    "next_rate_questions": "Tell the person when; an earlier call is refused again.",
    "next_rate_writes": "Tell the person when; an earlier call is refused again.",
    "next_database_failed": "Tell whoever runs this server; repeat the call when the database is back.",
    "next_budget_other_currency": (
        "Tell the person: the limit has to be in the currency of the prices, and only who starts this server can change"
        " it, never in this conversation. Repeating it unchanged will not help."
    ),
    "next_asking_paused": "Ask the person in the chat what they want; other values are refused as well until then.",
    "next_too_many_waiting": "Ask the person to decide on what waits; then call again.",
    "hint_clock_wrong": "Set the clock of this machine: the service refuses requests that are more than 15 minutes away from its own.",
}

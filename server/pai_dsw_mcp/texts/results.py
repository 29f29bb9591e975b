"""What a writing tool says became of it, to a model."""

from typing import Final

TEXTS: Final = {
    "result_waiting": "Not done: a person has to approve this first. Nothing was sent.",
    "result_how_page": (
        "Give the person this link; it shows the change with Approve and Reject: {url} Do not open it yourself. When"
        " they say that they approved, repeat this call with the same arguments."
    ),
    "result_link_replaced": "This link is new: one that was given for this earlier belongs to another run of this server and dies with it.",
    "result_how_terminal": (
        "Ask the person to run `pai-dsw-mcp approve` in a terminal on this machine. When they say that they approved,"
        " repeat this call with the same arguments."
    ),
    "result_how_chat": (
        "Show the person the change below and ask for a yes or a no. Only after their yes, call confirm_change with"
        " code {code}, then repeat this call with the same arguments."
    ),
    "result_declined": (
        "Declined: the person said no, and nothing was sent. Do not try again unless they ask. If they say that they"
        " saw no question, their client answered for them: the server can be started with --approve page."
    ),
    "result_declined_before": (
        "Declined: the person said no to this same change less than a minute ago; they were not asked again, and"
        " nothing was sent."
    ),
    "result_paused": (
        "Not asked: of the last questions, {noes} in a row were declined or closed. For another {wait} seconds nobody is"
        " asked anything; nothing was sent. Do not try other values: ask the person in the chat what they want. A"
        " question that is already open on the page or in the terminal can still be answered."
    ),
    "result_wrong_name": (
        "Declined: the name that was typed back is not the name of this instance. Nothing was sent. Calling again asks"
        " again."
    ),
    "result_form_empty": "The form came back without a decision, so nobody approved anything.",
    "result_form_dismissed": "The form was closed without an answer, so nobody approved anything.",
    "result_form_unanswered": "The form was not answered in time, so nobody approved anything.",
    "result_approval_expired": "The approval came after its ten minutes were over. Nothing was sent; call again to ask anew.",
    "result_approval_used": "That approval was already used, and an approval counts once. Nothing more was sent; call again to ask anew.",
    "result_changed_since": (
        "Since the approval something changed: price, state, or what is available. Nothing was sent; call again to ask"
        " with what holds now."
    ),
    "result_unknown": (
        "Unknown: the request was sent, but nobody can tell yet what became of it. It is not sent again. {why} Call this"
        " tool again with the same arguments in about 30 seconds: it finds out first."
    ),
    "result_earlier_unknown": (
        "Unknown: an earlier {action} for {instance_name} was sent {seconds} seconds ago, and what became of it is not"
        " known yet. Nothing was sent now. Ask again in {wait} seconds."
    ),
    "chat_confirmed": "Recorded. Now repeat the {tool} call with the same arguments; nothing was sent yet.",
    "code_unknown": "No change waits under the code {code}: it was decided already, or its ten minutes are over.",
}

"""What a writing tool says became of it, to a model."""

from typing import Final

_QUESTIONS: Final = {
    "result_waiting": "Not done: a person has to approve this first. Nothing was sent.",
    "result_how_page": (
        "Give the person this link; it shows the change with Approve and Reject:\n{url}\nDo not open it yourself. When"
        " they say that they approved, repeat this call with the same arguments."
    ),
    "result_how_http_page": (
        "Give the person who asks this link; it shows the change with Approve and Reject:\n{url}\nDo not open it yourself."
        " When they say that they approved, repeat this call with the same arguments."
    ),
    "result_how_second_person": (
        "What would run costs more than {above} per hour, or nobody knows its price: another person, of the group"
        " {group}, has to approve it, and a yes of the one who asks does not count. Give them this link to pass on; it is"
        " open for ten minutes:\n{url}\nDo not open it yourself. When they say that it is approved, repeat this call with"
        " the same arguments."
    ),
    "result_or_terminal": "If the link does not open, they run this in a terminal on this machine: `{command}`",
    "result_link_replaced": (
        "This link is new: an earlier one died with the run of this server that gave it. If every link is dead, the"
        " client starts this server anew for each call; the terminal works all the same."
    ),
    "result_how_terminal": (
        "Ask the person to run this in a terminal on this machine: `{command}` When they say that they approved, repeat"
        " this call with the same arguments."
    ),
    "result_how_chat": (
        "Show the person the change below and ask for a yes or a no. Only after their yes, call confirm_change with"
        " approval code {code}, then repeat this call with the same arguments."
    ),
    "result_chat_batch": (
        "Their yes is for all of them. If they want to leave some out, do not confirm this: call again with the others"
        " alone."
    ),
    "result_card": (
        "The client also shows the person a card with Approve and Reject. answer_card is for that card alone: never call"
        " it."
    ),
    "card_approved_now": "The yes is recorded. The {tool} call is repeated with the same arguments; nothing was sent yet.",
    "card_not_counted": "The answer on the card does not count, and nothing was decided. The card says why.",
    "card_secret_wrong": (
        "Nothing was decided: the answer came without the secret of a card, or with one that no longer counts. The"
        " attempt is recorded. Only a person answers, on the card or on the page."
    ),
    "result_form_empty": "The form came back without a decision, so nobody approved anything.",
    "result_form_dismissed": "The form was closed without an answer, so nobody approved anything.",
    "result_form_unanswered": "The form was not answered in time, so nobody approved anything.",
    "result_approval_expired": "The approval came after its ten minutes were over. Nothing was sent; call again to ask anew.",
    "result_approval_used": "That approval was already used, and an approval counts once. Nothing more was sent; call again to ask anew.",
    "result_overtaken": (
        "The earlier yes{answered} does not cover this: what would be sent, the price, or the state is not what was shown"
        " then. Nothing was sent on it."
    ),
    "result_changed_since": (
        "Since the approval something changed: price, state, or what is available. Nothing was sent; call again to ask"
        " with what holds now."
    ),
    "chat_confirmed": "The yes is recorded. Now repeat the {tool} call with the same arguments; nothing was sent yet.",
    "code_unknown": "No change waits under the approval code {code}: it was decided already, or its ten minutes are over.",
}

_ANSWERS: Final = {
    "result_approved": "It was approved{answered}.",
    "result_left_out": "Not sent, because the person left it out: {names}.",
    "result_note": 'Their words: "{feedback}".',
    "result_declined": "Declined: the person said no{answered}, and nothing was sent.",
    "result_declined_before": (
        "Declined: the person said no to this same change less than a minute ago{answered}; they were not asked again, and"
        " nothing was sent."
    ),
    "result_closed_before": (
        "Nobody approved it, and nobody said no: the person closed the form of this same change less than a minute ago."
        " They were not asked again, and nothing was sent."
    ),
    "declined_same": "This same change can be asked again in {wait} seconds, a different one at once.",
    "declined_ask_first": "Ask the person in the chat what they want instead.",
    "declined_words": (
        'Their words: "{feedback}". If these say what they want instead, do that as a new change, which they are shown'
        " again; otherwise do not try again unless they ask."
    ),
    "declined_words_in_pause": (
        'Their words: "{feedback}". If these say what they want instead, do that as a new change once that time is over;'
        " otherwise do not try again unless they ask."
    ),
    "declined_silent": "Do not try again unless they ask.",
    "declined_by_the_client": (
        "Do not try again unless they ask. If they say that they saw no question, their client answered for them: the"
        " server can be started with --approve page."
    ),
    "result_wrong_name": (
        "The answer does not count: the name that was asked for was not typed back exactly. Nobody said no, and nothing"
        " was sent. Tell the person: {why} If they still want it, the same call shows them the form again."
    ),
    "result_wrong_count": (
        "The answer does not count: the number that was typed is {typed}, and {left} would remain. Nobody said no, and"
        " nothing was sent. Tell the person; if they still want it, the same call shows them the form again."
    ),
    "result_unknown_left_out": (
        "The answer does not count: to be left out was {names}, which is not among the instances of this call. Nobody"
        " said no, and nothing was sent. Tell the person; if they still want it, the same call shows them the form again."
    ),
    "result_nothing_left": (
        "The answer does not count: it approves, and leaves out every instance. Nothing was sent. Ask the person which of"
        " them to stop, if any; the same call shows them the form again."
    ),
    "note_nobody_asked": "This call created and changed nothing, and nobody was asked for approval.",
    "note_answer_unused": (
        "This call created and changed nothing. The person's answer to the form was not used: a later call that can"
        " go on asks them again."
    ),
    "note_budget_unread": "It was read to keep the operator's limits; without it nothing is added to what runs.",
    "note_approval_kept": (
        "This call created and changed nothing. It was approved{answered}; that approval was not used and counts until"
        " it expires."
    ),
    "note_approval_used": (
        "This call created and changed nothing. It was approved{answered}; that approval is used up, so the next call"
        " asks again."
    ),
}

_UNKNOWN: Final = {
    "follow_up_failed": (
        "NOT DONE: {tool} for {instance_name}. {why} Tell the person. Until 30 minutes after their yes, {tool} with the"
        " very values that they saw needs no new one."
    ),
    "follow_up_not_approved": "It was not sent. Call {tool} with the same values.",
    "result_partly_done": (
        "Partly done: the service took {accepted}, then it refused the next request, and nothing more was sent. {why}"
        " Read the present state, tell the person what holds now, and call the tool again for what is left."
    ),
    "result_not_replaced": (
        "NOT SET: the present rule is deleted ({accepted}), and the service refused the new one: the instance no longer"
        " stops itself by it. Nothing more was sent. {why} Tell the person at once, and call the tool again; it asks"
        " anew."
    ),
    "result_taken_before": "Before it, the service took {accepted}.",
    "result_unknown": (
        "Unknown: the request was sent, but nobody can tell yet what became of it. It is not sent again. {why}"
        " {finding_out}"
    ),
    "result_earlier_unknown": (
        "Unknown: an earlier {action} for {instance_name} was sent {seconds} seconds ago, and what became of it is not"
        " known yet. Nothing was sent now. {finding_out}"
    ),
    "unknown_finding_out": (
        "Call this tool again with the same arguments in {pause} seconds: it looks first. The outcome is known by"
        " {known_by} at the latest: {then}"
    ),
    "unknown_create_instance": (
        "if the instance has not appeared by then, the request counts as lost, and the call asks the person again, with"
        " a warning that there may be two."
    ),
    "unknown_create_workspace": (
        "if the workspace has not appeared by then, the request counts as lost, and the call asks the person again."
    ),
    "unknown_other": (
        "from then on the call compares the instance with what was asked for, and asks the person again where they"
        " differ."
    ),
}

TEXTS: Final = {**_QUESTIONS, **_ANSWERS, **_UNKNOWN}

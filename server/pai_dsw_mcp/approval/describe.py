"""The change as rows that form, page, terminal and chat show in their own way. Nothing is ever shortened."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from pai_dsw_mcp.approval.change_text import ChangeText, Cost, Place, Row
from pai_dsw_mcp.approval.quoting import left_to_right, quoted, visible
from pai_dsw_mcp.model.change import OPERATION_LABEL, Change, Item, Meaning, Parameter, Price, Sentence
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.sanitize import look_alikes
from pai_dsw_mcp.texts.duration import duration
from pai_dsw_mcp.texts.render import CATALOGUE, render, say
from pai_dsw_mcp.texts.text import Language

_EXPLAINED: Final = frozenset(
    {
        "EcsSpec",
        "ResourceId",
        "ImageId",
        "ImageUrl",
        "Datasets",
        "DisassociateDatasets",
        "LabelKeys",
        "DueTime",
        "RemainingTimeInMs",
        "UserId",
    }
)
"""Parameters whose values begin with what `Change.meanings` explains: an identifier, a label, or a time."""
_MOST_LETTERS: Final = 3
_MINUTE: Final = 60.0
_HOUR: Final = 3600.0


def describe(
    approval_reference: str | None, change: Change, language: Language, *, expires_at: float | None = None
) -> ChangeText:
    """The change in one language; there is no reference before anybody is asked.

    `parameters` is everything that will be sent; `details` omits what `where` (instance, region, workspace) shows.
    """
    cost = _cost(change, language)
    sent = (*change.parameters, *_operation_label(approval_reference, change))
    notes = (*change.warnings, *_look_alikes(change))
    return ChangeText(
        language=language,
        reference=approval_reference or "",
        until=None if expires_at is None else _local_time(expires_at),
        title=say(f"action_{change.action}", language),
        target_name=visible(change.told_name),
        identifier=change.target_id or "",
        is_emulator=change.origin.is_emulator,
        where=_where(change, language),
        who=_who(change, language),
        cost=cost,
        spot_line=_spot_line(change, language),
        price_line=_price_line(cost, language),
        parameters=tuple(_row(each, change, language) for each in sent),
        details=tuple(_row(each, change, language) for each in sent if not _is_told_by_where(each, change)),
        kept=tuple(_row(each, change, language) for each in change.kept),
        warnings=tuple(render(note, language) for note in _joined(notes, language)),
        typed_name=change.typed_name,
        name_kind=change.name_kind,
        is_batch=change.spec.is_batch,
        then=tuple(describe(None, each, language) for each in change.then),
    )


def figure(value: float) -> str:
    """An amount of money: two digits, up to four where the price has them, with separators for thousands."""
    digits = f"{value:,.4f}"
    return digits[:-2] if digits.endswith("00") else digits.rstrip("0")


def _where(change: Change, language: Language) -> tuple[Place, ...]:
    region = REGIONS.get(change.region_id)
    region_name = (region.zh if language == "zh" else region.en) if region else None
    if change.spec.is_batch:
        return (Place(label=say("change_count", language), name=str(len(change.then)), identifier=None),)
    # The id of a member holds that of a person.
    identifier = None if change.spec.target == "member" else change.target_id
    places = (
        (f"change_{change.spec.target}", quoted(change.target_name), identifier),
        ("change_region", region_name, change.region_id),
        ("change_workspace", change.workspace_name and quoted(change.workspace_name), change.workspace_id),
    )
    return tuple(
        Place(label=say(key, language), name=name, identifier=identifier and quoted(identifier))
        for key, name, identifier in places
        if name or identifier
    )


def _who(change: Change, language: Language) -> tuple[Place, ...]:
    origin = change.origin
    account, credentials, client, person = (
        each and quoted(each) for each in (origin.account, origin.credentials, origin.client, origin.person)
    )
    source = _source_in_words(origin.credentials or "", language)
    places = (
        *([("change_person", person, None)] if person else []),
        ("change_account", account, None),
        ("change_credentials", source or credentials, source and credentials),
        ("change_client", client, None),
    )
    return tuple(
        Place(label=say(key, language), name=name or say("change_unknown", language), identifier=identifier)
        for key, name, identifier in places
    )


def _source_in_words(provider: str, language: Language) -> str | None:
    """What the vendor's name of a provider stands for; None where there are no words for it."""
    # The first part that is known says where it begins: a profile may lead on to a role or a key.
    key = next((key for key in (f"source_{part}" for part in provider.split("/")) if key in CATALOGUE), None)
    return key and say(key, language)


def _local_time(moment: float) -> str:
    """With the zone of this machine, where the person sits."""
    local = datetime.fromtimestamp(moment, UTC).astimezone()
    offset = local.strftime("%z")
    return f"{local:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"


def _operation_label(approval_reference: str | None, change: Change) -> tuple[Parameter, ...]:
    """The label by which a new instance is recognised if the reply is lost; it is sent, so it is shown."""
    if not change.spec.is_labelled or approval_reference is None:
        return ()
    return (Parameter(name="Labels", value=((OPERATION_LABEL, approval_reference),), is_default=True),)


def _is_told_by_where(parameter: Parameter, change: Change) -> bool:
    told = {
        "RegionId": change.region_id,
        "WorkspaceId": change.workspace_id,
        change.spec.id_parameter: change.target_id,
        change.spec.name_parameter: change.target_name,
    }
    return parameter.value == told.get(parameter.name)


def _cost(change: Change, language: Language) -> Cost | None:
    if change.price is None:
        return None
    before, load = change.price_before, change.load
    total, span, lasts = change.price.weekly, "week", ""
    if load is not None and load.stops_after is not None:
        total, span, lasts = (
            change.price.hourly * load.stops_after / _HOUR,
            "timer",
            duration(load.stops_after, language),
        )
    elif load is not None and load.idle_minutes is not None:
        span, lasts = "idle", duration(load.idle_minutes * _MINUTE, language)
    return Cost(
        currency=visible(change.price.currency),
        hourly=figure(change.price.hourly),
        day=figure(round(change.price.daily, 2)),
        total=figure(round(total, 2)),
        span=span,
        lasts=lasts,
        before=None if before is None or before == change.price else _with_currency(before, change.price, language),
        stays=before == change.price,
        at_most=_at_most(change.price, language),
    )


def _at_most(price: Price, language: Language) -> str:
    return say("at_most", language) if price.is_most else ""


def _with_currency(before: Price, now: Price, language: Language) -> str:
    shown = f"{_at_most(before, language)} {figure(before.hourly)}".lstrip()
    return shown if before.currency == now.currency else f"{shown} {visible(before.currency)}"


def _price_line(cost: Cost | None, language: Language) -> str | None:
    if cost is None:
        return None
    hourly, day, total = map(cost.amount, (cost.hourly, cost.day, cost.total))
    if cost.stays:
        return say("price_stays", language, hourly=hourly, currency=cost.currency)
    shown = f"{cost.before} -> {hourly}" if cost.before else hourly
    values = {"hourly": shown, "day": day, "total": total, "lasts": cost.lasts, "currency": cost.currency}
    return say(f"price_line_{cost.span}", language, **values)


def _spot_line(change: Change, language: Language) -> str | None:
    if change.spot is None:
        return None
    limit, currency = change.spot.spot_price_limit, change.price.currency if change.price else "-"
    if limit is None:
        return say("spot_at_market_price", language)
    return say("spot_with_limit", language, limit=visible(limit), currency=visible(currency))


def _row(parameter: Parameter, change: Change, language: Language) -> Row:
    key = f"parameter_{parameter.name}"
    items = (*_raw_items(parameter.value), *_raw_items(parameter.before or ()))
    meanings = {tuple(map(quoted, each)): _meaning(parameter.name, each, change, language) for each in items}
    return Row(
        label=say(key, language) if key in CATALOGUE else quoted(parameter.name),
        name=quoted(parameter.name),
        # An empty list is sent too, so it gets one empty value to show.
        values=_items(parameter.value) or ((),),
        before=None if parameter.before is None else _items(parameter.before),
        meanings={item: meaning for item, meaning in meanings.items() if meaning},
        is_default=parameter.is_default,
    )


def _meaning(name: str, item: Item, change: Change, language: Language) -> str:
    """What is known of a value: what its identifier names, and what the API's words among its parts mean."""
    named: Meaning = change.meanings.get(item[0], ()) if item and name in _EXPLAINED else ()
    words = [f"meaning_{name}_{part}" for part in item]
    parts = [
        *(render(each, language) for each in _joined(named, language)),
        *(say(word, language) for word in words if word in CATALOGUE),
    ]
    return say("meaning_comma", language).join(parts)


def _items(value: str | tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(tuple(map(quoted, item)) for item in _raw_items(value))


def _raw_items(value: str | tuple[Item, ...]) -> tuple[Item, ...]:
    return ((value,),) if isinstance(value, str) else value


def _look_alikes(change: Change) -> Iterator[Sentence]:
    """A warning about every name or value with homoglyphs: letters that can be taken for others."""
    sent = (part for each in change.parameters for item in _raw_items(each.value) for part in item)
    said = (value for warning in change.warnings for value in warning.values.values())
    for text in dict.fromkeys((change.target_name, change.workspace_name or "", *sent, *said)):
        if letters := look_alikes(text)[:_MOST_LETTERS]:
            named = ", ".join(f"{each} {unicodedata.name(each, '')}" for each in letters)
            yield Sentence(key="warn_look_alikes", values={"text": text, "letters": named})


def _joined(sentences: Iterable[Sentence], language: Language) -> tuple[Sentence, ...]:
    """Sentences of the same kind become one, so that ten mounts are one sentence; `duration` is put into words."""
    joined: dict[tuple[str, str], dict[str, list[str]]] = {}
    for sentence in sentences:
        seconds = sentence.values.get("duration", "")
        values = joined.setdefault((sentence.key, seconds), {})
        for name, value in sentence.values.items():
            shown = duration(float(seconds), language) if name == "duration" else quoted(value)
            seen = values.setdefault(name, [])
            if shown not in seen:
                seen.append(shown)
    return tuple(
        Sentence(key=key, values={name: left_to_right(", ".join(seen)) for name, seen in values.items()})
        for (key, _), values in joined.items()
    )

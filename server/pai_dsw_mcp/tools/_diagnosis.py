"""Says in words what a survey of the environment found, one line a check: for the tool and for the command line."""

import platform
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeAlias

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.limits import Limits
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.model.workspace import PAI_PRODUCT, Workspace
from pai_dsw_mcp.texts.diagnosis import TEXTS
from pai_dsw_mcp.texts.render import paragraph, render, say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.tools._projection import Projection, mask
from pai_dsw_mcp.tools._render import marked
from pai_dsw_mcp.tools._rows import is_usable
from pai_dsw_mcp.tools._survey import FEW_REGIONS, RegionSurvey, Survey, Verdict, survey
from pai_dsw_mcp.version import VERSION

State: TypeAlias = Literal["ok", "mend", "unknown"]
Found: TypeAlias = "tuple[State, str] | tuple[State, str, str]"
"""The state, what was found, and the key of what to do."""

_CLOCK_TOLERANCE: Final = 300
"""Seconds, a third of what the service allows."""

_MOST_WORKSPACES: Final = 5
"""Named in a region."""

_REMEDIES: Final = (
    (re.compile(r"InvalidAccessKeyId\.Inactive", re.IGNORECASE), "do_key_disabled"),
    (re.compile(r"(Invalid|Missing)AccessKeyId(\..*)?", re.IGNORECASE), "do_key_unknown"),
    (re.compile(r"SignatureDoesNotMatch|IncompleteSignature", re.IGNORECASE), "do_secret_wrong"),
    (re.compile(r"InvalidSecurityToken(?!\.Expired)(\..*)?|MissingSecurityToken", re.IGNORECASE), "do_token_invalid"),
)
"""By the code of the service; else by the sentence or the kind of the error."""


class Check(Projection):
    """One line. `what_to_do` is there unless it is well."""

    name: str
    state: State
    found: str
    what_to_do: str | None = None


class Diagnosis(Projection):
    """Every check, and which of them need somebody."""

    note: Annotated[str, OURS]
    checks: list[Check]

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be mended; what is unknown may still fail."""
        return all(check.state != "mend" for check in self.checks)


async def diagnose(
    cloud: Cloud, limits: Limits, region_ids: Sequence[str], language: Language = "en", more: Mapping[str, Found] = {}
) -> Diagnosis:
    """Checks these regions, or a few if none is named, and none that is not allowed; `more` was found elsewhere."""
    allowed = cloud.options.allowed_regions
    asked = [each for each in region_ids or cloud.options.regions or FEW_REGIONS if each in allowed]
    words = _Words(await survey(cloud, asked or allowed), limits, language)
    checks = [words.check(name, tell()) for name, tell in words.checks().items()]
    checks += [words.check(name, found) for name, found in more.items()]
    return Diagnosis(note=words.note(checks), checks=checks)


class _Words:
    """The lines of one survey in one language."""

    def __init__(self, found: Survey, limits: Limits, language: Language) -> None:
        self._survey = found
        self._limits = limits
        self._language: Language = language
        self._regions = found.regions

    def checks(self) -> dict[str, Callable[[], Found]]:
        """Every check by its name, the fundamental ones first."""
        first = {
            "version": self._version,
            "target": self._target,
            "limits": self._operator_limits,
            "credentials": self._credentials,
            "expiry": self._expiry,
            "clock": self._clock,
        }
        rest = {
            "account": self._account,
            "regions": self._reached,
            "activation": self._activation,
            "workspaces": self._workspaces,
            "actions": self._actions,
        }
        return first | (rest if self._regions else dict.fromkeys(rest, self._not_asked))

    def check(self, name: str, found: Found) -> Check:
        """One line."""
        state, text, *to_do = found
        return Check(name=name, state=state, found=text, what_to_do=self._say(*to_do) if to_do else None)

    def note(self, checks: Iterable[Check]) -> str:
        """Which checks need somebody, and which tell nothing."""
        by_state: dict[str, list[str]] = {}
        for check in checks:
            by_state.setdefault(check.state, []).append(self._say(f"check_{check.name}"))
        keys = {"mend": "diagnosis_ill", "unknown": "diagnosis_unknown"}
        told = [self._say(key, names=self.joined(by_state[state])) for state, key in keys.items() if state in by_state]
        return paragraph(told if "mend" in by_state else [self._say("diagnosis_well"), *told], self._language)

    def joined(self, parts: Iterable[str]) -> str:
        """A list as the language writes it."""
        return ("、" if self._language == "zh" else ", ").join(parts)

    def _say(self, key: str, **values: object) -> str:
        return say(key, self._language, **values)

    def _reason(self, error: CloudError) -> str:
        return render(error.sentence, self._language)

    def _sentences(self, *parts: str | None) -> str:
        return ("；" if self._language == "zh" else "; ").join(part for part in parts if part)

    def _regions_where(self, key: str, regions: Iterable[RegionSurvey]) -> str | None:
        names = [region.region_id for region in regions]
        return self._say(key, regions=self.joined(names)) if names else None

    def _not_asked(self) -> Found:
        return "unknown", self._say("found_nothing_asked")

    def _version(self) -> Found:
        return "ok", self._say("found_version", version=VERSION, python=platform.python_version())

    def _target(self) -> Found:
        options = self._survey.options
        if options.endpoint is not None:
            return "ok", self._say("found_emulator", endpoint=options.endpoint)
        return "ok", self._say(f"found_cloud_{options.network}")

    def _operator_limits(self) -> Found:
        options = self._survey.options
        allowed = (("--regions", options.regions), ("--workspaces", options.workspaces))
        set_ones = [*self._limits.shown, *(f"{flag} {','.join(names)}" for flag, names in allowed if names)]
        if not set_ones:
            return "ok", self._say("found_no_limits")
        return "ok", self._say("found_limits", limits=self.joined(set_ones))

    def _credentials(self) -> Found:
        identity, refusal = self._survey.identity, self._survey.refusal
        if isinstance(identity, CloudError):
            needs_its_keys = self._survey.options.uses_emulator and identity.kind is ErrorKind.CREDENTIALS_MISSING
            return "mend", self._reason(identity), "do_emulator_keys" if needs_its_keys else _remedy(identity)
        if refusal is not None and refusal.kind is not ErrorKind.CLOCK_WRONG:
            return "mend", f"{identity.provider}: {self._reason(refusal)}", _remedy(refusal)
        if refusal is not None or not self._survey.is_answered:
            return "unknown", self._say("found_unproven_key", provider=identity.provider)
        key = "found_permanent_key" if identity.kind == "access_key" else "found_temporary_key"
        return "ok", self._say(key, provider=identity.provider)

    def _expiry(self) -> Found:
        identity, refusal = self._survey.identity, self._survey.refusal
        if isinstance(identity, CloudError):
            return self._not_asked()
        if refusal is not None and refusal.kind is ErrorKind.CREDENTIALS_EXPIRED:
            return "mend", self._reason(refusal), "do_credentials_expired"
        if identity.kind == "access_key":
            return "ok", self._say("found_no_expiry")
        if identity.expires_at is None:
            return "unknown", self._say("found_expiry_unknown"), "do_expiry_unknown"
        until = datetime.fromtimestamp(identity.expires_at, UTC)
        minutes = max(0, int((until - datetime.now(UTC)).total_seconds() // 60))
        return "ok", self._say("found_expiry", until=f"{until:%Y-%m-%dT%H:%MZ}", minutes=minutes)

    def _clock(self) -> Found:
        skew, refusal = self._survey.clock_skew, self._survey.refusal
        told = None if skew is None else self._say("found_clock", seconds=round(abs(skew)))
        if refusal is not None and refusal.kind is ErrorKind.CLOCK_WRONG:
            return "mend", told or self._reason(refusal), "do_clock"
        if skew is None or told is None:
            return "unknown", self._say("found_clock_unknown")
        return ("mend", told, "do_clock") if abs(skew) >= _CLOCK_TOLERANCE else ("ok", told)

    def _account(self) -> Found:
        caller = self._survey.caller
        if isinstance(caller, CloudError):
            return "unknown", self._reason(caller), "do_account"
        user = mask(caller.user_id) if caller.user_id else "-"
        account, identity = mask(caller.account_id), marked(caller.identity_type)
        return "ok", self._say("found_account", account=account, identity=identity, user=user)

    def _reached(self) -> Found:
        failures = {region.region_id: error for region in self._regions if (error := region.not_reached)}
        told = self._sentences(
            self._regions_where("found_reached", (each for each in self._regions if not each.not_reached)),
            *(
                self._say("found_not_reached", region=region_id, reason=self._reason(error))
                for region_id, error in failures.items()
            ),
        )
        return ("mend", told, "do_regions") if failures else ("ok", told)

    def _activation(self) -> Found:
        active, inactive, unknown = list[RegionSurvey](), list[RegionSurvey](), list[RegionSurvey]()
        for region in self._regions:
            if isinstance(region.products, CloudError):
                unknown.append(region)
            elif any(each.product_code == PAI_PRODUCT and each.is_purchased for each in region.products):
                active.append(region)
            else:
                inactive.append(region)
        told = self._sentences(
            self._regions_where("found_activated", active),
            self._regions_where("found_not_activated", inactive),
            self._regions_where("found_activation_unknown", unknown),
        )
        if active:
            return "ok", told
        return ("unknown", told, "do_later") if unknown else ("mend", told, "do_activation")

    def _workspaces(self) -> Found:
        named: list[str] = []
        failed: list[CloudError] = []
        empty: list[RegionSurvey] = []
        for region in self._regions:
            if isinstance(region.workspaces, CloudError):
                failed.append(region.workspaces)
                reason = self._reason(region.workspaces)
                named.append(self._say("found_workspaces_unknown", region=region.region_id, reason=reason))
            elif region.workspaces:
                names = self.joined(self._names(region.workspaces))
                named.append(self._say("found_workspaces", region=region.region_id, names=names))
            else:
                empty.append(region)
        told = self._sentences(*named, self._regions_where("found_workspaces_none", empty))
        if any(region.workspace for region in self._regions):
            return "ok", told
        denied = [error for error in failed if error.kind is ErrorKind.PERMISSION_DENIED]
        if denied:
            return "mend", told, _remedy(min(denied, key=lambda error: not error.is_explicit_deny))
        return ("unknown", told, "do_later") if failed else ("mend", told, "do_workspaces")

    def _names(self, workspaces: Sequence[Workspace]) -> list[str]:
        """A few, the usable ones first; a large account has hundreds."""
        more = len(workspaces) - _MOST_WORKSPACES
        usable_first = sorted(workspaces, key=lambda each: not is_usable(each))
        shown = [self._workspace(each) for each in usable_first[:_MOST_WORKSPACES]]
        return [*shown, self._say("found_workspaces_more", count=more)] if more > 0 else shown

    def _workspace(self, workspace: Workspace) -> str:
        name = f"{marked(workspace.workspace_name)} {marked(workspace.workspace_id)}"
        if is_usable(workspace):
            return name
        return self._say("found_workspace_unusable", name=name, status=marked(workspace.status))

    def _actions(self) -> Found:
        asked = [region for region in self._regions if region.workspace]
        if not asked:
            return "unknown", self._say("found_no_actions")
        told: dict[str, list[str]] = {}
        for region in asked:
            told.setdefault(self._verdicts(region), []).append(region.region_id)
        lines = (
            self._say("found_actions_of", places=self.joined(places), verdicts=verdicts)
            for verdicts, places in told.items()
        )
        every = {verdict for region in asked for verdict in region.verdicts.values()}
        if "denied_explicitly" in every:
            return "mend", self._sentences(*lines), "do_denied_explicitly"
        if "denied" in every:
            return "mend", self._sentences(*lines), "do_permission_denied"
        if "unknown" in every:
            return "unknown", self._sentences(*lines), "do_unknown_actions"
        return "ok", self._sentences(*lines)

    def _verdicts(self, region: RegionSurvey) -> str:
        keys: dict[Verdict, str] = {
            "allowed": "found_allowed",
            "denied_explicitly": "found_denied_explicitly",
            "denied": "found_denied",
            "unknown": "found_unknown_actions",
        }
        found = (
            (key, sorted(each for each, given in region.verdicts.items() if given == of)) for of, key in keys.items()
        )
        return self._sentences(*(self._say(key, actions=self.joined(actions)) for key, actions in found if actions))


def _remedy(error: CloudError) -> str:
    """The key of what to do about an error that stands before everything else."""
    for pattern, key in _REMEDIES:
        if pattern.fullmatch(error.code or ""):
            return key
    return next((key for key in (f"do_{error.sentence.key}", f"do_{error.kind}") if key in TEXTS), "do_later")

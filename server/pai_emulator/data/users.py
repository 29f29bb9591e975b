"""The ids of the test users by name. Seeds change their keys, not their ids."""

from types import MappingProxyType
from typing import Final

from pai_emulator.policy import users_from_seed

USER_IDS: Final = MappingProxyType({user.name: user.user_id for user in users_from_seed(0)})
USER_NAMES: Final = MappingProxyType({user_id: name for name, user_id in USER_IDS.items()})

"""Settings from the environment (`ONECARD_*`); everything has a default that works on a small machine."""

import base64
import binascii
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from onecard.errors import ConfigError

KEY_BYTES = 32


class Settings(BaseSettings):
    """What a person may turn. Sizes in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="ONECARD_", extra="ignore")

    home: Path = Path("onecard-home")
    vault_key: SecretStr | None = Field(None, description="base64 of 32 bytes; replaces vault/vault.key")
    workers: int = Field(2, ge=1, le=64, description="parser processes at a time")
    parser_memory_bytes: int = Field(2 * 1024**3, ge=256 * 1024**2, description="address space of one parser")
    parser_seconds: int = Field(600, ge=1, description="processor time of one parser")
    duckdb_memory_limit: str = "3GB"
    duckdb_threads: int = Field(2, ge=1)

    @classmethod
    def load(cls, **chosen: Any) -> Self:
        """Settings with `chosen` over the environment over the defaults. Raises ConfigError naming the variables in error."""
        try:
            return cls(**chosen)
        except ValidationError as error:
            # The values stay out of the message: one of them may be the key.
            names = ", ".join(sorted({"ONECARD_" + str(item["loc"][0]).upper() for item in error.errors(include_input=False)}))
            raise _broken(names, "值不合规定 the value does not fit", "见文档中的设置表 see the settings in docs/") from None

    def vault_key_bytes(self) -> bytes | None:
        """The 32 bytes of `vault_key`; None when it is not set. Raises ConfigError for anything but base64 of 32 bytes."""
        if self.vault_key is None:
            return None
        try:
            key = base64.b64decode(self.vault_key.get_secret_value(), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            raise _broken("ONECARD_VAULT_KEY", "不是 32 字节的 base64 not base64 of 32 bytes", "head -c 32 /dev/urandom | base64")
        return key


def _broken(where: str, why: str, remedy: str) -> ConfigError:
    return ConfigError(code="OC-CFG-003", what="设置有误 a setting is wrong", where=where, why=why, remedy=remedy)

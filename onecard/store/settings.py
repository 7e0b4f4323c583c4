"""Settings from the environment (`ONECARD_*`); everything has a default that works on a small machine."""

from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from onecard.words.errors import ConfigError
from onecard.words.language import Text


class Settings(BaseSettings):
    """What a person may turn. Sizes in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="ONECARD_", extra="ignore")

    home: Path = Path("onecard-home")
    vault_key: SecretStr | None = Field(None, description="base64 of 32 bytes; replaces vault/vault.key")
    workers: int = Field(2, ge=1, le=64, description="parser processes at a time")
    parser_memory_bytes: int = Field(2 * 1024**3, ge=256 * 1024**2, description="address space of one parser")
    parser_seconds: int = Field(600, ge=1, description="processor time of one parser")
    duckdb_memory_limit: str = Field("3GB", pattern=r"^[0-9]+(\.[0-9]+)?\s*(KB|MB|GB|KiB|MiB|GiB)$")
    duckdb_threads: int = Field(2, ge=1)

    @classmethod
    def load(cls, **chosen: Any) -> Self:
        """Settings with `chosen` over the environment over the defaults. Raises ConfigError naming the variables in error."""
        try:
            return cls(**chosen)
        except ValidationError as error:
            # The values stay out of the message: one of them may be the key.
            fields = sorted({str(item["loc"][0]) for item in error.errors(include_input=False)})
            raise ConfigError(
                code="OC-CFG-003",
                what=Text("设置有误", "invalid setting"),
                where=", ".join("ONECARD_" + field.upper() for field in fields),
                why=Text("值不符合要求", "the value is not allowed"),
                remedy=Text("改正或删去这些环境变量", "correct or unset these environment variables"),
            ) from None

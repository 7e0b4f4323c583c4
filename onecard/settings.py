"""Settings from the environment (`ONECARD_*`); everything has a default that works on a small machine."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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

"""The vault: the only place where names, IDs, cards and delivered bytes exist in a form that can be read, and only with the key."""

import base64
import hashlib
import os
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onecard.store.files import fsync_dir, fsync_file, write_atomic
from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.errors import ConfigError
from onecard.words.language import Text
from onecard.words.pseudonyms import Pseudonymiser

CHUNK = 4 << 20
_NONCE, _TAG = 12, 16


class _Wrapper(pe.KmsClient):
    """Wraps the file keys of Parquet modular encryption under the vault's key; there is no server."""

    def __init__(self, key: bytes) -> None:
        pe.KmsClient.__init__(self)
        self._cipher = AESGCM(key)

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> str:
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, key_bytes, master_key_identifier.encode())).decode()

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        raw = base64.b64decode(wrapped_key)
        return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], master_key_identifier.encode())


class Vault:
    """Keys derived from one secret of 32 bytes: pseudonyms, files at rest, Parquet."""

    def __init__(self, ws: Workspace, settings: Settings) -> None:
        self.folder = ws.vault
        secret = _secret(ws, settings)
        # Tells two keys apart and says nothing about either.
        self.fingerprint = _derive(secret, b"fingerprint").hex()[:12]
        self.pseudonyms = Pseudonymiser(_derive(secret, b"pseudonyms"))
        self._files = AESGCM(_derive(secret, b"landing"))
        parquet_key = _derive(secret, b"parquet")
        self._kms = pe.KmsConnectionConfig()
        self._crypto = pe.CryptoFactory(lambda _config: _Wrapper(parquet_key))

    def seal(self, source: Path, target: Path) -> str:
        """Encrypt a file in chunks to `target`, whole or not at all; returns the sha256 of the bytes that were sealed.

        Every chunk is bound to its place and to being the last.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        prefix = secrets.token_bytes(8)
        digest, index = hashlib.sha256(), 0
        with source.open("rb") as plain, temporary.open("wb") as sealed:
            sealed.write(prefix)
            chunk = plain.read(CHUNK)
            while True:
                following = plain.read(CHUNK)
                digest.update(chunk)
                sealed.write(self._files.encrypt(prefix + index.to_bytes(4, "big"), chunk, b"more" if following else b"last"))
                if not following:
                    break
                chunk, index = following, index + 1
            sealed.flush()
            os.fsync(sealed.fileno())
        temporary.replace(target)
        fsync_dir(target.parent)
        return digest.hexdigest()

    def seal_text(self, text: str) -> str:
        """A short text as base64 that only the vault's key opens."""
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._files.encrypt(nonce, text.encode("utf-8", "surrogateescape"), b"text")).decode()

    def unseal_text(self, sealed: str) -> str:
        """The text behind `seal_text`. Raises ConfigError when the key is another one."""
        raw = base64.b64decode(sealed)
        try:
            return self._files.decrypt(raw[:_NONCE], raw[_NONCE:], b"text").decode("utf-8", "surrogateescape")
        except InvalidTag:
            raise _cannot_open("landing/*.json") from None

    def unseal(self, path: Path) -> bytes:
        """The bytes that were sealed. Raises ConfigError when the key is another one or the file was changed."""
        return b"".join(self.chunks(path))

    def chunks(self, path: Path) -> Iterator[bytes]:
        """The bytes that were sealed, some megabytes at a time. Raises as `unseal` does."""
        step = CHUNK + _TAG
        with path.open("rb") as sealed:
            prefix, index = sealed.read(8), 0
            chunk = sealed.read(step)
            while chunk:
                following = sealed.read(step)
                nonce = prefix + index.to_bytes(4, "big")
                try:
                    yield self._files.decrypt(nonce, chunk, b"more" if following else b"last")
                except InvalidTag:
                    raise _cannot_open(str(path)) from None
                chunk, index = following, index + 1

    def write(self, kind: str, table: pa.Table) -> None:
        """Append an encrypted Parquet file of `kind`; file names carry no meaning."""
        if table.num_rows == 0:
            return
        folder = self.folder / kind
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{uuid.uuid4().hex}.parquet"
        temporary = path.with_name(f".{path.name}.tmp")
        config = pe.EncryptionConfiguration(footer_key="vault", column_keys={"vault": table.column_names})
        properties = self._crypto.file_encryption_properties(self._kms, config)
        with pq.ParquetWriter(temporary, table.schema, encryption_properties=properties, compression="zstd") as writer:
            writer.write_table(table)
        fsync_file(temporary)
        temporary.replace(path)
        fsync_dir(folder)

    def read(self, kind: str) -> list[pa.Table]:
        """All tables of `kind`."""
        properties = self._crypto.file_decryption_properties(self._kms)
        paths = sorted((self.folder / kind).glob("*.parquet")) if (self.folder / kind).exists() else []
        return [pq.ParquetFile(path, decryption_properties=properties).read() for path in paths]

    def known_values(self, domain: str) -> tuple[pa.Array, pa.Array]:
        """(clear value, key) of everything ever keyed in a domain."""
        tables = self.read(f"values-{domain}")
        if not tables:
            return pa.array([], pa.string()), pa.array([], pa.int64())
        whole = pa.concat_tables(tables).combine_chunks()
        return whole["value"].combine_chunks(), whole["key"].combine_chunks()

    def names(self, keys: pa.Array) -> dict[int, str]:
        """Clear names of the given name keys."""
        values, known = self.known_values("name")
        wanted = pc.is_in(known, value_set=keys)
        return dict(zip(known.filter(wanted).to_pylist(), values.filter(wanted).to_pylist(), strict=True))


def _cannot_open(where: str) -> ConfigError:
    return ConfigError(
        code="OC-VLT-002",
        what=Text("已收文件无法解密", "a received file cannot be decrypted"),
        where=where,
        why=Text("密钥不同，或文件被改动", "the key is another one, or the file was changed"),
        remedy=Text("找回原密钥（vault.key 或 ONECARD_VAULT_KEY）", "restore the original key (vault.key or ONECARD_VAULT_KEY)"),
    )


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"onecard " + purpose).derive(secret)


def _secret(ws: Workspace, settings: Settings) -> bytes:
    if settings.vault_key is not None:
        return _decoded(settings.vault_key.get_secret_value(), "ONECARD_VAULT_KEY")
    path = ws.vault / "vault.key"
    if not path.exists():
        if any(ws.landing.glob("*.bin")):
            raise ConfigError(
                code="OC-VLT-003",
                what=Text("保险库密钥丢失", "the vault key is missing"),
                where=str(path),
                why=Text("已有加密文件，新密钥打不开它们", "there are encrypted files that a new key could not open"),
                remedy=Text("恢复 vault.key，或设 ONECARD_VAULT_KEY", "restore vault.key, or set ONECARD_VAULT_KEY"),
            )
        ws.vault.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path, base64.b64encode(secrets.token_bytes(32)) + b"\n", 0o600)
    return _decoded(path.read_text(encoding="ascii").strip(), str(path))


def _decoded(text: str, where: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise ConfigError(
            code="OC-VLT-001",
            what=Text("保险库密钥格式不对", "the vault key is malformed"),
            where=where,
            why=Text("应为 32 字节的 base64", "it must be 32 bytes in base64"),
            remedy="python3 -c 'import base64,secrets;print(base64.b64encode(secrets.token_bytes(32)).decode())'",
        )
    return secret

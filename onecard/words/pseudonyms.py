"""Keyed pseudonyms: 63-bit integers from HMAC-SHA-256, domain-separated, with a second half to detect collisions."""

import hmac

import numpy as np
import pyarrow as pa

DOMAINS = ("person", "name", "card", "household", "phone")
_MASK = (1 << 63) - 1


class Pseudonymiser:
    """Turns clear values into keys under one secret (32 bytes). Same secret, domain and value: same key."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the secret of the pseudonyms needs 32 bytes")
        self._secret = secret

    def keys(self, domain: str, values: list[str | None] | list[str] | pa.Array) -> tuple[pa.Array, pa.Array]:
        """int64 key and int64 check of each value, both in [0, 2^63); null stays null. Call it with distinct values: 0.5M/s a core."""
        if domain not in DOMAINS:
            raise ValueError(f"unknown pseudonym domain {domain}")
        texts = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
        prefix = domain.encode() + b"\0"
        secret, digest = self._secret, hmac.digest
        clear = texts.fill_null("").cast(pa.binary()).to_pylist()
        raw = b"".join([digest(secret, prefix + value, "sha256")[:16] for value in clear])
        halves = (np.frombuffer(raw, ">u8").reshape(-1, 2) & np.uint64(_MASK)).astype(np.int64)
        null = texts.is_null().to_numpy(zero_copy_only=False)
        return pa.array(halves[:, 0].copy(), mask=null), pa.array(halves[:, 1].copy(), mask=null)

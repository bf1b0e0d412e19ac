from __future__ import annotations

from pathlib import Path

import trustme


def server_certificate(folder: Path) -> Path:
    """Write a certificate that no client trusts, with its chain and key; return their file."""
    certificate = trustme.CA().issue_cert("localhost", "127.0.0.1")
    file = folder / "server.pem"
    certificate.private_key_and_cert_chain_pem.write_to_path(str(file))
    return file

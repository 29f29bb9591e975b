"""A service behind TLS on loopback, reached as a company's proxy is: CONNECT first, then whatever host was asked for.

The cloud layer accepts the official hosts over TLS and nothing else; a proxy is the way to stand in for one of them
without loosening that.
"""

import asyncio
import datetime as dt
import ssl
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def write_certificate(host: str, certificate: Path, key: Path) -> None:
    """A certificate for the host that vouches for itself, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


class TlsService:
    """Answers every request with the same body."""

    def __init__(self, certificate: Path, key: Path, body: bytes) -> None:
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(certificate, key)
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._reply = head.encode() + body

    async def serve(self) -> None:
        """Prints the port, then serves until it is cancelled."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=256)
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.start_tls(self._tls)
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(self._reply)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()


async def _until_the_parent_ends(service: TlsService) -> None:
    serving = asyncio.create_task(service.serve())
    await asyncio.to_thread(sys.stdin.read)
    serving.cancel()
    await asyncio.wait({serving})


if __name__ == "__main__":
    _certificate, _key, _body = map(Path, sys.argv[1:])
    asyncio.run(_until_the_parent_ends(TlsService(_certificate, _key, _body.read_bytes())))

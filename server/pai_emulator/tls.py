"""A certificate authority that lives as long as one emulator, and a certificate by it for what the emulator stands for.

Its key never leaves the memory, and it is good for no other names: who trusts it trusts nobody else.
"""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pai_emulator.data.regions import REGIONS

_CLOUD: Final = "aliyuncs.com"
_LIFETIME: Final = timedelta(days=365)
_ISSUER: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pai-emulator, not Alibaba Cloud")])
_SUBJECT: Final = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pai-emulator")])
_KEY_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class Tls:
    """An SSL context of a server, and the file with the authority that its clients have to trust."""

    def __init__(self) -> None:
        authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        authority = _authority(authority_key)
        certificate = _certificate(key.public_key(), authority_key)
        self._directory = TemporaryDirectory(prefix="pai-emulator-")
        self.ca_file = Path(self._directory.name) / "ca.pem"
        self.ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        self.context = _context(Path(self._directory.name) / "key.pem", key, certificate)

    def close(self) -> None:
        """Remove the file."""
        self._directory.cleanup()


def _context(scratch: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> ssl.SSLContext:
    # The module reads certificates from files alone; this one is in a directory that nobody else can open.
    scratch.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(scratch)
    scratch.unlink()
    return context


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    permitted = [
        *map(x509.DNSName, (_CLOUD, "localhost")),
        *map(x509.IPAddress, (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))),
    ]
    return (
        _builder(_ISSUER, key.public_key(), key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _certificate(key: ec.EllipticCurvePublicKey, authority_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    names = [
        *map(x509.DNSName, ("localhost", f"*.{_CLOUD}", *(f"*.{region_id}.{_CLOUD}" for region_id in REGIONS))),
        *map(x509.IPAddress, map(ip_address, ("127.0.0.1", "::1"))),
    ]
    return (
        _builder(_SUBJECT, key, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_ISSUER)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A client's clock may be behind.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(*purposes: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{purpose: purpose in purposes for purpose in _KEY_USAGES})

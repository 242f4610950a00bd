"""Makes the centre's authority and the server's certificate, once. No server loads this: it is large.

Nothing of it ever expires: a kiosk whose clock has lost its battery has to find its server too.
"""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from protocol.trust import SERVER_NAME
from protocol.whole import give_to_owner_of, write_whole
from queue_server.store.authority import AuthorityError
from queue_server.store.house import AUTHORITY, CERTIFICATE, KEY, TRUST

BEGINNING, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""RFC 5280, 4.1.2.5: the end says that there is none."""


def make_authority(directory: Path, centre: str, *, anew: bool) -> None:
    """Make the authority and the server's certificate; its own key is used for that and kept nowhere.

    AuthorityError: there is one already, and it is not to be made anew.
    """
    if (directory / AUTHORITY).exists() and not anew:
        raise AuthorityError(
            f"There is an authority in {directory} already: nothing was changed. With --anew another one "
            "takes its place, and every terminal needs a new badge."
        )
    own, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority, certificate = _authority(own, centre), _certificate(own, key, centre)
    try:
        (directory / TRUST).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(directory / KEY, _of(key))
        write_whole(directory / CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
        write_whole(directory / AUTHORITY, authority.public_bytes(serialization.Encoding.PEM))
        give_to_owner_of(directory, directory / TRUST, *(directory / TRUST).iterdir())
    except OSError as error:
        raise AuthorityError(
            f"The certificate cannot be written in {directory}: {error.strerror}. Check who may write there."
        ) from error


def _authority(own: ec.EllipticCurvePrivateKey, centre: str) -> x509.Certificate:
    names = x509.NameConstraints(permitted_subtrees=[x509.DNSName(SERVER_NAME)], excluded_subtrees=None)
    return (
        _begun(centre, own.public_key(), centre)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .add_extension(names, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .sign(own, hashes.SHA256())
    )


def _certificate(
    own: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey, centre: str
) -> x509.Certificate:
    return (
        _begun(SERVER_NAME, key.public_key(), centre)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SERVER_NAME)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(own.public_key()), critical=False)
        .sign(own, hashes.SHA256())
    )


def _begun(name: str, key: ec.EllipticCurvePublicKey, centre: str) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(centre))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINNING)
        .not_valid_after(END)
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

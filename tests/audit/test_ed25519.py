"""Ed25519 in the verifier: the vectors of RFC 8032 (7.1), and the signatures that must not pass."""

import hashlib

import pytest

from procurement.audit import verify
from procurement.audit.verify import FIELD, ORDER, signature_holds
from tests.audit.signing import encoded, signed

VECTORS = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
SEED, MESSAGE = bytes(range(32)), b"bareme-anchor/1\n{}"
KEY, SIGNATURE = signed(SEED, MESSAGE)


@pytest.mark.parametrize("name", VECTORS)
def test_the_vector_of_the_rfc_holds(name: str) -> None:
    seed, key, message, signature = VECTORS[name]
    assert signed(bytes.fromhex(seed), message) == (bytes.fromhex(key), bytes.fromhex(signature))
    assert signature_holds(bytes.fromhex(key), message, bytes.fromhex(signature))
    assert not signature_holds(bytes.fromhex(key), message + b"\x00", bytes.fromhex(signature))


@pytest.mark.parametrize("bit", [0, 7, 255, 256, 300, 511])
def test_a_signature_with_one_bit_changed_does_not_hold(bit: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[bit // 8] ^= 1 << bit % 8
    assert not signature_holds(KEY, MESSAGE, bytes(changed))


def test_another_key_did_not_sign() -> None:
    other, _signature = signed(bytes(32), MESSAGE)
    assert not signature_holds(other, MESSAGE, SIGNATURE)


def test_a_signature_of_another_length_does_not_hold() -> None:
    assert not signature_holds(KEY, MESSAGE, SIGNATURE[:-1])
    assert not signature_holds(KEY[:-1], MESSAGE, SIGNATURE)


def test_an_s_that_is_not_below_the_order_is_refused() -> None:
    """S + order fits the equation as S does: with it every signature could be written twice."""
    s = int.from_bytes(SIGNATURE[32:], "little")
    assert not signature_holds(KEY, MESSAGE, SIGNATURE[:32] + (s + ORDER).to_bytes(32, "little"))


SMALL_ORDER = [
    (1).to_bytes(32, "little"),
    (FIELD - 1).to_bytes(32, "little"),
    (0).to_bytes(32, "little"),
    (1 << 255).to_bytes(32, "little"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
]


@pytest.mark.parametrize("point", SMALL_ORDER, ids=bytes.hex)
def test_a_point_of_small_order_is_refused_as_key_and_as_r(point: bytes) -> None:
    decoded = verify.decoded_point(point)
    assert decoded is not None
    assert encoded(decoded) == point
    assert verify.usable_point(point) is None


def test_a_key_of_small_order_would_let_one_signature_fit_every_message() -> None:
    neutral = SMALL_ORDER[0]
    forged = encoded(verify.times(5, verify.BASE_POINT)) + (5).to_bytes(32, "little")
    assert not signature_holds(neutral, b"one message", forged)
    assert not signature_holds(neutral, b"another", forged)


def test_a_point_has_one_encoding() -> None:
    assert verify.decoded_point((FIELD + 3).to_bytes(32, "little")) is None  # y = 3, not below the field
    assert verify.decoded_point((1 | 1 << 255).to_bytes(32, "little")) is None  # x = 0 with a sign
    assert verify.decoded_point((2).to_bytes(32, "little")) is None  # y = 2 is on no point


def test_the_base_point_is_that_of_the_rfc() -> None:
    assert encoded(verify.BASE_POINT).hex() == "58" + "66" * 31
    assert verify.same_point(verify.times(ORDER, verify.BASE_POINT), verify.NEUTRAL)

"""The trees of the verifier: the known roots of RFC 6962, and a recursive implementation beside it."""

import hashlib

import pytest

from procurement.audit.verify import root_of_path, tree_root

# The leaves and roots Certificate Transparency tests its logs with (RFC 6962, 2.1.3).
LEAVES = [
    bytes.fromhex(data)
    for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def split(size: int) -> int:
    """The largest power of two smaller than a size."""
    return 1 << (size - 1).bit_length() - 1


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0]).digest() if leaves else hashlib.sha256(b"").digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word for word: the siblings from the leaf up."""
    if len(leaves) < 2:
        return []
    k = split(len(leaves))
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_known_one(size: int) -> None:
    assert tree_root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_leaf_leads_to_the_root_along_its_path_and_along_no_other(size: int) -> None:
    leaves = [f"line {index}".encode() for index in range(size)]
    root = tree_root(leaves)
    assert root == naive_root(leaves)
    for index, leaf in enumerate(leaves):
        path = naive_path(index, leaves)
        assert root_of_path(leaf, index, size, path) == root
        assert root_of_path(b"another line", index, size, path) != root
        assert root_of_path(leaf, index, size, [*path, root]) is None
        assert not path or root_of_path(leaf, index, size, path[:-1]) is None
        assert all(root_of_path(leaf, other, size, path) != root for other in range(size) if other != index)


def test_no_leaf_stands_outside_the_tree() -> None:
    assert root_of_path(LEAVES[0], 1, 1, []) is None
    assert root_of_path(LEAVES[0], -1, 1, []) is None
    assert root_of_path(LEAVES[0], 0, 0, []) is None


def test_a_node_is_never_taken_for_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\x00" + leaf).digest() for leaf in LEAVES[:2])
    assert tree_root([left + right]) != tree_root(LEAVES[:2])

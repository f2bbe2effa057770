"""The portal's tree is the one the verifier was written for."""

import pytest

from procurement.audit.verify import root_of_path
from procurement.ledger.merkle import Frontier, leaf_hash, path, root
from tests.audit.test_merkle import LEAVES, ROOTS, naive_path, naive_root

SIZES = [*range(1, 34), 63, 64, 65, 100]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_known_one(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", SIZES)
def test_root_and_paths_are_those_of_the_recursive_definition(size: int) -> None:
    leaves = [f"line {index}".encode() for index in range(size)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert root(leaves) == naive_root(leaves)
    for index, leaf in enumerate(leaves):
        assert path(index, hashes) == naive_path(index, leaves)
        assert root_of_path(leaf, index, size, path(index, hashes)) == root(leaves)


@pytest.mark.parametrize("size", range(34))
def test_a_tree_taken_up_again_grows_as_if_it_had_never_been_put_down(size: int) -> None:
    leaves = [bytes([index]) for index in range(40)]
    kept = Frontier()
    for leaf in leaves[:size]:
        kept.append(leaf)
    again = Frontier(kept.size, kept.hashes)
    for leaf in leaves[size:]:
        again.append(leaf)
    assert again.root() == naive_root(leaves)


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="3 leaves has 2 subtrees, not 1"):
        Frontier(3, [b"a"])


@pytest.mark.parametrize("index", [-1, 3])
def test_a_leaf_that_is_not_there_has_no_path(index: int) -> None:
    with pytest.raises(IndexError):
        path(index, [b"a", b"b", b"c"])

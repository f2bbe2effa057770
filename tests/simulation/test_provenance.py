"""What an archive does not know is said before a policy that reads it is tried there."""

import pytest
from django.test import Client
from django.urls import reverse

from bench import archive
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.present.provenance import unread

pytestmark = pytest.mark.django_db
SENTENCE = "These values find a share of 0 in every bid: Bonus for European share."


@pytest.mark.parametrize("origin_of", ["bidders", "unknown"])
def test_a_measure_of_the_origin_of_goods_is_told_to_find_none(origin_of: str) -> None:
    assert unread({"origin_of": origin_of}, archive.POLICY).endswith(SENTENCE)


def test_nothing_is_told_where_goods_or_no_origins_are_read() -> None:
    green = {**archive.POLICY, "measures": archive.POLICY["measures"][1:]}
    assert not unread({"origin_of": "goods"}, archive.POLICY)
    assert not unread({"origin_of": "bidders"}, green)


def test_the_form_of_a_question_tells_it(
    client: Client, officer: User, snapshot: ArchiveSnapshot, policy: PolicyVersion
) -> None:
    client.force_login(officer)
    address = f"{reverse('simulation:new_sweep')}?snapshot={snapshot.pk}&policy_version={policy.pk}"
    assert SENTENCE not in client.get(address).content.decode()
    ArchiveSnapshot.objects.update(provenance={**snapshot.provenance, "origin_of": "bidders"})
    assert SENTENCE in client.get(address).content.decode()

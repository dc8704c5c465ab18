"""Array columns on their way into a COPY: the short way packs the same bytes as the general one."""

from __future__ import annotations

from uuid import UUID

from projections.arrays import Array, Uuids


def test_one_id_is_packed_as_by_the_general_way() -> None:
    one, packed = (UUID("01999999-0000-7000-8000-000000000001"),), Uuids(tuple)
    assert packed.dump(one) == Array.dump(packed, one)

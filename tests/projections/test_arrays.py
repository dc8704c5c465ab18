"""Array columns on their way into a COPY: the short way packs the same bytes as the general one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from projections.arrays import Array, Dates, Uuids


def test_one_id_is_packed_as_by_the_general_way() -> None:
    one, packed = (UUID("01999999-0000-7000-8000-000000000001"),), Uuids(tuple)
    assert packed.dump(one) == Array.dump(packed, one)


def test_days_travel_as_postgres_counts_them() -> None:
    packed = Dates(tuple).dump((date(1999, 12, 31), date(2027, 3, 1)))
    assert packed[20:] == b"".join(
        (4).to_bytes(4) + days.to_bytes(4, signed=True) for days in (-1, 9921)
    )

"""What waits keeps to its lane, whatever is taken, retried or finished in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mockcw.delivery.lanes import Lanes, Waiting

START = datetime(2026, 1, 1, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), min_size=1, max_size=30),
    st.lists(st.tuples(st.sampled_from(["take", "done", "again", "later"]), st.integers(0, 9)), max_size=80),
)
def test_each_lane_ends_in_its_order_and_one_at_a_time(
    waiting: list[tuple[str, int]], steps: list[tuple[str, int]]
) -> None:
    lanes, now = Lanes(), START
    for number, (lane, due) in enumerate(waiting):
        lanes.add(Waiting(number, lane, START + timedelta(seconds=due)))
    out: list[Waiting] = []
    over: dict[str, list[int]] = {}

    def finish(one: Waiting) -> None:
        over.setdefault(one.lane, []).append(one.id)
        lanes.done(one)

    for step, number in [*steps, *[("later", 9), ("take", 0), ("done", 0)] * len(waiting) * 2]:
        if step == "later":
            now += timedelta(seconds=number)
        elif step == "take":
            one = lanes.take(now)
            if one is not None:
                assert one.due <= now
                assert one.lane not in {other.lane for other in out}
                out.append(one)
        elif out and step == "done":
            finish(out.pop(number % len(out)))
        elif out:
            lanes.again(out.pop(number % len(out)), now + timedelta(seconds=number))
    while out:
        finish(out.pop())
    while one := lanes.take(START + timedelta(days=1)):
        finish(one)
    assert len(lanes) == 0
    assert lanes.next_due() is None
    for lane, numbers in over.items():
        assert numbers == [number for number, (name, _) in enumerate(waiting) if name == lane]


def test_of_what_is_due_the_longest_due_goes_first() -> None:
    lanes = Lanes()
    for number, seconds in enumerate((3, 1, 2)):
        lanes.add(Waiting(number, str(number), START + timedelta(seconds=seconds)))
    assert lanes.next_due() == START + timedelta(seconds=1)
    assert lanes.take(START) is None
    taken = [lanes.take(START + timedelta(seconds=9)) for _ in range(3)]
    assert [one.id for one in taken if one] == [1, 2, 0]

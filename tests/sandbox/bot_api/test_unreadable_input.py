"""Whatever is sent, the Bot API answers or refuses; it never breaks."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.bot_api.methods.table import METHODS
from sandbox.bot_api.schema import api, checked_call
from sandbox.phone import Phone
from sandbox.wire import ApiError, Json
from sandbox.world import World
from tests.sandbox.clients import TOKEN

PERSON, GROUP = 500, -500
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.floats(allow_nan=False),
    st.sampled_from([PERSON, GROUP, str(PERSON), "", "x", "{", "[]", "photo", "typing", "<b>"]),
)
_JUNK: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["type", "text", "message_id", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def _of_kind(kind: str) -> st.SearchStrategy[Any]:
    """Values that mostly fit a field's type, so that what lies behind the check is reached."""
    fitting: dict[str, st.SearchStrategy[Any]] = {
        "Integer": st.integers(-3, 9),
        "Integer or String": st.sampled_from([PERSON, GROUP, 1]),
        "String": st.sampled_from(["a", "*b*", "<i>c</i>", "HTML", "MarkdownV2", "😀"]),
        "Boolean": st.booleans(),
        "Float": st.floats(-200, 200),
    }
    fits = fitting.get(kind, _JUNK)
    return st.one_of(fits, fits, fits, fits, fits, _JUNK)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Json]:
    method = draw(st.sampled_from(sorted(METHODS.keys() - {"logOut"})))
    fields: Json = api()["methods"][method]["fields"]
    names = (
        draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=3)) if fields else []
    )
    names += [name for name, field in fields.items() if field["required"] and name not in names]
    return method, {name: draw(_of_kind(fields[name]["type"])) for name in names}


def small_world() -> World:
    world = World(TOKEN, rates=None)
    world.add_person("Grace", user_id=PERSON, started=True)
    world.add_group("Group", [PERSON], group_id=GROUP)
    phone = Phone(world, PERSON)
    phone.send_text("one")
    phone.send_document(b"x", "a.txt", "text/plain")
    return world


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(calls(), min_size=1, max_size=4))
def test_every_call_succeeds_or_is_refused(sequence: list[tuple[str, Json]]) -> None:
    world = small_world()
    for method, given_fields in sequence:
        try:
            METHODS[method](world, checked_call(method, given_fields, {}))
        except ApiError as error:
            assert 400 <= error.code < 600  # noqa: PT017 - either outcome is right

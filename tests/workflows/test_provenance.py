from datetime import UTC, datetime, timedelta

from x17.workflows.provenance import LIBRARIES, Provenance, identity


def test_identity_follows_input_and_settings_only() -> None:
    settings = {"limit": {"toys": 100}}
    mark = identity("digest", settings, False)
    assert mark == identity("digest", {"limit": {"toys": 100}}, False)
    assert mark != identity("other", settings, False)
    assert mark != identity("digest", {"limit": {"toys": 101}}, False)
    assert mark != identity("digest", settings, True)


def test_record_says_what_is_needed_to_make_the_results_again() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    document = Provenance(
        command="x17 search",
        options={"quick": False},
        seed=1,
        scan="padme-run3",
        input_sha256="a" * 64,
        identity="b" * 64,
        started=start,
        finished=start + timedelta(seconds=2.5),
    ).document()
    assert document["seconds"] == 2.5
    assert document["command"] == "x17 search"
    assert set(document["libraries"]) == set(LIBRARIES)
    assert all(document[key] for key in ("version", "python", "started", "finished", "input_sha256"))

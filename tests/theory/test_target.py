import pytest

from x17.errors import UsageError
from x17.theory.target import Target, known_materials


def test_padme_diamond() -> None:
    # 100 µm at 3.51 g/cm³: 1.056e22 electrons per cm² (recomputed).
    assert Target().electrons_per_cm2 == pytest.approx(1.056e22, rel=2e-4)
    assert Target("carbon", 0.1) == Target.parse("carbon:0.1mm") == Target.parse("carbon: 100um")
    assert Target.parse("diamond:0.01cm").electrons_per_cm2 == pytest.approx(Target().electrons_per_cm2)


def test_density_can_be_given() -> None:
    assert Target("diamond", 0.1, 3.52).electrons_per_cm2 / Target().electrons_per_cm2 == pytest.approx(
        3.52 / 3.51
    )


def test_every_material_has_an_element() -> None:
    for name in known_materials():
        target = Target(name, 0.001)
        assert target.element[0].isupper()
        assert 0.3 < target.electrons_per_cm2 / (target.areal_density * 6.022e23) < 0.51  # Z/A


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unobtainium:1mm", "known: beryllium"),
        ("carbon:-1mm", "above 0"),
        ("carbon:0", "above 0"),
        ("carbon:nan", "above 0"),
        ("carbon", "MATERIAL:THICKNESS"),
        ("carbon:thick", "MATERIAL:THICKNESS"),
        ("gold:1mm", "energy loss"),
    ],
)
def test_impossible_targets(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Target.parse(text)
    with pytest.raises(UsageError, match="density"):
        Target("diamond", 0.1, -1.0)

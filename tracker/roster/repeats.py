"""The persons a file has named so far: nobody may stand in it twice."""

from tracker.core.i18n import gettext as _
from tracker.roster.rows import Who


class Repeats:
    """Remembers whom the rows were about; by hash, since a file may name 200,000 people."""

    def __init__(self) -> None:
        self._rows: dict[int, str] = {}
        self._known: dict[int, str] = {}
        self._bare: set[int] = set()

    def find(self, who: Who, place: str) -> str | None:
        """Remember a row; return why it cannot be applied if an earlier one is about the same.

        `place` is how messages name the row: "17", or "Sheet1!17".
        """
        numbers = (who.passport, who.staff_number)
        keys = [hash((kind, number)) for kind, number in enumerate(numbers) if number]
        name = hash(who.names)
        earlier = next((self._rows[key] for key in keys if key in self._rows), None)
        if earlier:
            return _same_person(earlier)
        if name in self._rows and (not keys or name in self._bare):
            return _(
                "Row %(row)s has the same name and nationality. Give both a passport or staff "
                "number, or keep one of the two.", row=self._rows[name],
            )  # fmt: skip
        self._rows |= dict.fromkeys([*keys, name], place)
        if not keys:
            self._bare.add(name)
        return None

    def claim(self, person_id: int, place: str) -> str | None:
        """Remember whom a row was found to be about; return why not if an earlier one was too."""
        earlier = self._known.setdefault(person_id, place)
        return _same_person(earlier) if earlier != place else None


def _same_person(place: str) -> str:
    return _("Row %(row)s is about the same person. Keep one of the two.", row=place)

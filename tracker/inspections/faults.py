"""Why an operation could not be applied, in words that say what to do."""

from typing import Any

from flask_babel import lazy_gettext as _l

FAULTS: dict[str, Any] = {
    "beginning": _l("The beginning of this inspection has not arrived, or could not be applied."),
    "building": _l("The building is not known here. Bring it back, then apply this again."),
    "room": _l("The room is not one of this building. Bring it back, then apply this again."),
    "template": _l("The version of the template is not known here."),
    "kind": _l("This kind of inspection is not known here."),
    "item": _l("The item is not in the version of the template that was used."),
    "shape": _l("Something in it is not as it should be; it is kept as it was sent."),
    "type": _l("It comes from a newer version of the page. Upgrade, then apply this again."),
    "signature": _l("The signature is no readable picture."),
    "hazard": _l("The hazard is not known here, or cannot take this now."),
    "failed": _l("Applying it failed on our side; the server's log says more. Apply it again."),
}

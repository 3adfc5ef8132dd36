"""The delivery stage: one call a step of notebook 4_delivery; see README.md."""

from swis.delivery.received import bands, received
from swis.delivery.sessions import community, sessions
from swis.delivery.sources import DeliverySources, read_delivery_sources
from swis.delivery.staff import staff, stayed_on
from swis.delivery.stage import Delivery, gathered
from swis.delivery.views import views

__all__ = [
    "Delivery",
    "DeliverySources",
    "bands",
    "community",
    "gathered",
    "read_delivery_sources",
    "received",
    "sessions",
    "staff",
    "stayed_on",
    "views",
]

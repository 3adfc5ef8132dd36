"""The door out: what leaves is protected as one system of numbers, proven, and labelled, here only."""

from swis.disclosure.protected import DisclosureError, Protected
from swis.disclosure.released import Released, load_released

__all__ = ["DisclosureError", "Protected", "Released", "load_released"]

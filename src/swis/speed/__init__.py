"""The speed of help stage: one call a step of notebook 4_speed; see README.md."""

from swis.speed.curves import curves
from swis.speed.ratios import ratios
from swis.speed.stage import Speed, read_waits

__all__ = ["Speed", "curves", "ratios", "read_waits"]

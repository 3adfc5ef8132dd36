"""No network where children's returns are open: the guard that each stage and each of its notebooks runs under."""

from swis.offline.guard import go_offline
from swis.offline.hook import NetworkError

__all__ = ["NetworkError", "go_offline"]

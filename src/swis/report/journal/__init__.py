"""Figures at journal sizes, set from those that were released."""

from swis.report.journal.files import publish_journal, still_holds

__all__ = ["publish_journal", "still_holds"]

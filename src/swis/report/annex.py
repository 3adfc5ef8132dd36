"""What is read and what is looked up: long tables go to the annex, and a line where they would have stood says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from swis.report.model import Block, Paragraph, Section, Table, walk_sections

# A table of more rows than a page holds beside its words is looked up in, not read.
LONGEST_READ = 20


def with_annex(
    chapters: Sequence[Section], looked_up: Sequence[Section] = ()
) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Chapters with references in place of their long tables, and the annex: a section a chapter, then `looked_up`."""
    numbers = {table.id: number for number, table in enumerate(_in_order(chapters, looked_up), 1)}
    read = tuple(_replaced(chapter, lambda table: _reference(table, numbers)) for chapter in chapters)
    tables = (_tables_of(chapter) for chapter in chapters)
    return read, (*(section for section in tables if section is not None), *looked_up)


def is_long(block: Block) -> bool:
    """Whether a block is a table that stands in the annex."""
    return isinstance(block, Table) and len(block.rows) > LONGEST_READ and not block.stays


def _in_order(chapters: Sequence[Section], looked_up: Sequence[Section]) -> list[Table]:
    """Every table as the report numbers them: those read, those moved, those of the chapters looked up."""
    read = [block for chapter in chapters for block in chapter.walk() if isinstance(block, Table)]
    more = [block for chapter in looked_up for block in chapter.walk() if isinstance(block, Table)]
    return [*(table for table in read if not is_long(table)), *(table for table in read if is_long(table)), *more]


def _reference(table: Table, numbers: Mapping[str, int]) -> Paragraph:
    words = Markup('In the annex: <a href="#{}">Table {}</a>, {}.').format(
        table.id, numbers[table.id], table.caption.rstrip(".")
    )
    return Paragraph(words, "see")


def _replaced(section: Section, reference: Callable[[Table], Paragraph]) -> Section:
    blocks = tuple(
        reference(block) if isinstance(block, Table) and is_long(block) else block for block in section.blocks
    )
    return replace(section, blocks=blocks, sections=tuple(_replaced(inner, reference) for inner in section.sections))


def _tables_of(chapter: Section) -> Section | None:
    """The long tables of a chapter under headings of its sections; None where it has none."""
    parts = tuple(
        replace(section, id=f"annex-{section.id}", blocks=blocks, sections=())
        for section in walk_sections([chapter])
        if (blocks := tuple(block for block in section.blocks if is_long(block)))
    )
    if not parts:
        return None
    named = f"annex-{chapter.id}", f"Tables: {chapter.title}"
    own = [part for part in parts if part.id == named[0]]
    inner = tuple(part for part in parts if part not in own)
    # One part needs no heading of its own within the chapter's.
    blocks, inner = (parts[0].blocks, ()) if len(parts) == 1 else (own[0].blocks if own else (), inner)
    return Section(*named, blocks, inner, is_synthetic=chapter.is_synthetic)

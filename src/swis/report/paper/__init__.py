"""A report on paper: PDF and DOCX, made of the same model as its page."""

from swis.report.paper.docx import render_docx
from swis.report.paper.pdf import render_pdf

__all__ = ["render_docx", "render_pdf"]

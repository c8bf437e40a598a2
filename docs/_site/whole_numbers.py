"""Numbers such as 5.6e-4 stay on one line: a browser would break them behind the minus sign."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

NUMBER = re.compile(r"([−-]?\d[\d.]*(?:\(\d+\))?e-\d+)")


class WholeNumbers(SphinxPostTransform):
    """Put every number with a negative exponent into a span that does not break."""

    default_priority = 900

    def run(self, **_: Any) -> None:
        """Change the page."""
        for text in list(self.document.findall(nodes.Text)):
            fixed = (nodes.FixedTextElement, nodes.literal, nodes.raw, nodes.title)
            if isinstance(text.parent, fixed) or not NUMBER.search(text):
                continue
            parts = NUMBER.split(text)
            spans = [
                nodes.inline("", part, classes=["x17-whole"]) if k % 2 else nodes.Text(part)
                for k, part in enumerate(parts)
            ]
            text.parent.replace(text, spans)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_post_transform(WholeNumbers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

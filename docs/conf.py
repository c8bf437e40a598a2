"""How the pages become a site: `make docs` writes it to build/docs, from files of this repository alone."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_site"))

from x17 import __version__  # noqa: E402

project = "x17"
author = "The x17 developers"
copyright = "The x17 developers, BSD-3-Clause"
version = release = __version__

extensions = [
    "myst_parser",
    "api_pages",
    "linked_pages",
    "whole_numbers",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_site", "_static", "figures"]
root_doc = "index"
# Headings can be linked to, as on a forge; a code block names its own lexer or none.
myst_heading_anchors = 4
highlight_language = "none"
pygments_style = "default"
pygments_dark_style = "monokai"

html_theme = "furo"
html_title = "x17"
html_static_path = ["_static"]
html_css_files = ["x17.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": False}

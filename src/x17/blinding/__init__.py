"""A scan → a sealed scan and its log; the criteria before opening, and how good they are."""

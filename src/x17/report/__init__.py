"""Results as documents, tables, figures and one HTML page; nothing is computed here."""

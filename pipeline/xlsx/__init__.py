"""How our workbooks look (`style`), and how packages are kept to the same bytes (`packaging`)."""

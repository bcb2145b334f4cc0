"""How Django's own screens write times, where a language's usual way would differ from ours."""

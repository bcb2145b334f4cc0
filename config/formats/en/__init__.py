"""English as Readyby writes it."""

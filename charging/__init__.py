"""Smart charging: rules, storage, operations and the doors that lead in."""

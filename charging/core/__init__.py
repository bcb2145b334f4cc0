"""The rules of smart charging. Pure: no Django, no I/O, no clock, no randomness; `now` is an argument."""

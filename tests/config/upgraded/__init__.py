"""An app of tests whose migrations need locks that others hold."""

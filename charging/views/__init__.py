"""What drivers see: pages and the drawings on them."""

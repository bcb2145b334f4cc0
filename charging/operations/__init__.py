"""All writes: keyword-only functions, one transaction each. Facts are written first, decisions follow."""

"""One update, one use case, one reply; and what brings updates here and keeps them."""

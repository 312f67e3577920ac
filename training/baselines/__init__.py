"""What a user would have without the product: scripts of half a day around well-known libraries, for the benchmark."""

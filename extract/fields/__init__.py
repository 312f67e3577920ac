"""What stands outside the tables: code boxes, written lines, options, signatures."""

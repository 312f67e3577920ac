"""The joint decision: all cells of a form over all their readings, under the rules, as an integer program."""

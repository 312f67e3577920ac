"""Second keying: another person types once more, blind; where the two differ, a third decides."""

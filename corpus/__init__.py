"""Filled forms with their truth, made by seed: pages, fonts, hands, respondents, scanners."""

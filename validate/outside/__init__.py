"""What a form alone does not tell: its unit, last year's figures, lists of respondents and places."""

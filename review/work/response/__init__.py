"""Response control: who owes a form, what came, whom to ask, and what they said."""

"""The ways through all the parts: from a person at the keyboard to a commit, a page, a form or a mail. No rule is held here."""

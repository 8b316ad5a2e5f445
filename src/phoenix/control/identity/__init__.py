"""Who may call: principals, tokens, enrolment."""

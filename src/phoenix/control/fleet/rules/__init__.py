"""Pure judgement about one host: what to offer next, what counts as proof, what is wrong. No I/O, no clock."""

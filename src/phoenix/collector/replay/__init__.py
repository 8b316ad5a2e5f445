"""Evaluators that run the real collector's code: the truth that everything later is compared with."""

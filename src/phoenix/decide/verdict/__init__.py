"""The verdict: what two arms show beyond doubt, for which hosts and period, and what they do not."""

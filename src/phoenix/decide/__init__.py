"""Pure judgement: what a change saves (pricing) and what it loses (loss). No files, no clock, no processes."""

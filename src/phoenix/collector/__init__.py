"""The real collector: config as data, catalogue, validation, the binary, recording, and the Evaluator that replays."""

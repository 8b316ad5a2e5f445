"""What is made from two pipelines: the request checked, the plan, the config of an attempt, the promoted config."""

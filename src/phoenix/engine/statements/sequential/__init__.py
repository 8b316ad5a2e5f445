"""Lists whose rows see what earlier rows wrote, as programs for `engine.kernels.statement_kernel`."""

"""The collector as a program on this machine: found or built, started and stopped without leaving anything behind."""

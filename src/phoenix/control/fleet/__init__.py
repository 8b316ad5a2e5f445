"""Hosts: what each should run, was offered, and was proved to run."""

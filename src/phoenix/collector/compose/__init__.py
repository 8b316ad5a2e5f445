"""Generated configs: what a host runs, made from what users wrote."""

"""What metrics_transform is made of: settings, which metrics match, what is done to them, and where they go."""

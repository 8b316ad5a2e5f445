"""The live part of the main job: a server, a supervised collector on this machine, and an experiment of both arms."""

"""Windows of event time: what one host's arm sent in one stretch of time, as something that can be merged."""

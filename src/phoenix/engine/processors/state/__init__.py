"""What the processors that remember share: their clock, histograms point by point, and taking away what is empty."""
